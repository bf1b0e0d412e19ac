"""Start the app with `python -m monitorapp`."""

from monitorapp.bootstrap import main

main()
