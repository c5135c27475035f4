"""The `holdfast` command. Nothing heavy is loaded before a command needs it, so that `--help` answers at once."""

__all__ = ["main"]


def main() -> None:
    """Run the command of this process's arguments and exit with its code."""
    from holdfast.cli.app import app
    from holdfast.cli.output import guarded

    guarded(lambda: app(prog_name="holdfast"))
