"""The main window: its layout, menus, bars and docks."""
