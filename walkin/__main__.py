"""The front door: one command, `walkin`, with a sub-command for each program of the centre."""

from walkin.cli import main

if __name__ == "__main__":
    main(prog_name="walkin")
