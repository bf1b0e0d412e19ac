from __future__ import annotations

from PyQt5.QtWidgets import QAction

from monitorapp.app.desktop.theme import ThemePresenter
from monitorapp.ui.widgets.theme import Colours, ColourScheme
from tests.app.desktop.desk import Desk


class Scheme(ColourScheme):
    """Notes what is applied."""

    def __init__(self) -> None:
        self.applied: list[Colours] = []

    def apply(self, colours: Colours) -> None:
        self.applied.append(colours)


def test_colours_are_those_of_last_time_and_then_those_that_are_chosen(desk: Desk) -> None:
    desk.settings.colours = Colours.DARK
    scheme = Scheme()
    presenter = ThemePresenter(scheme, desk.settings, desk.window)
    assert scheme.applied == [Colours.DARK]
    assert desk.child(QAction, "colours_dark_action").isChecked()
    desk.child(QAction, "colours_light_action").trigger()
    assert scheme.applied == [Colours.DARK, Colours.LIGHT]
    assert desk.settings.colours is Colours.LIGHT
    assert desk.child(QAction, "colours_light_action").isChecked()
    del presenter
