"""Start the app with `python -m monitorapp`."""

from monitorapp.cli.parser import main

main()
