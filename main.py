"""Start the app."""

from monitorapp.bootstrap import main

if __name__ == "__main__":
    main()
