"""Joins the colours of the app and the menu in which the user chooses them."""

from __future__ import annotations

from monitorapp.ui.settings import Settings
from monitorapp.ui.widgets.theme import Colours, ColourScheme
from monitorapp.ui.window.main_window import MainWindow


class ThemePresenter:
    """Gives the app the colours of last time, and others when the user chooses them.

    Args:
        scheme: Colours the app.
        settings: Keeps which colours were chosen.
        window: Offers them.
    """

    def __init__(self, scheme: ColourScheme, settings: Settings, window: MainWindow) -> None:
        self._scheme = scheme
        self._settings = settings
        self._window = window
        self._choose(settings.colours)
        window.colours_chosen.connect(self._choose)

    def _choose(self, colours: Colours) -> None:
        self._scheme.apply(colours)
        self._settings.colours = colours
        self._window.set_colours(colours)
