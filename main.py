"""Start the app."""

from monitorapp.cli.parser import main

if __name__ == "__main__":
    main()
