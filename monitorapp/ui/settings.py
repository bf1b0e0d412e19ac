"""What the app remembers from one run to the next."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PyQt5.QtCore import QByteArray, QSettings

from monitorapp.core.chance.distribution import Fixed
from monitorapp.core.delay.delay import DelayPlan, check_delay, parse_delay
from monitorapp.core.delay.plans import plan_from_json, plan_to_json
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.records.groups import Grouping
from monitorapp.ui.widgets.theme import Colours

_GEOMETRY = "window/geometry"
_WINDOW_STATE = "window/state"
_TABLE_STATE = "table/state"
_GROUPS_STATE = "groups/state"
_WAITING_STATE = "waiting/state"
_DELAY = "delay/last_s"
_DELAY_PLAN = "delay/plan"
_COLOURS = "window/colours"
_FILTERS = "table/filters"
_GROUPING = "table/grouping"
_EDITOR = "source/editor"
_CAMPAIGN = "clients/campaign"
_HISTORY_DAYS = "history/days"
_HISTORY_MEGABYTES = "history/megabytes"


class Settings:
    """Typed settings. What is missing or broken reads as None or a default; nothing raises.

    Args:
        settings: Where they are saved.
    """

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @classmethod
    def for_user(cls) -> Settings:
        """Return the user's own settings, in an INI file in their configuration folder."""
        return cls(
            QSettings(
                QSettings.Format.IniFormat, QSettings.Scope.UserScope, "monitorapp", "monitorapp"
            )
        )

    @property
    def geometry(self) -> QByteArray | None:
        """The window's place and size, from `QWidget.saveGeometry`."""
        return self._bytes(_GEOMETRY)

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue(_GEOMETRY, geometry)

    @property
    def window_state(self) -> QByteArray | None:
        """Where the panes are and whether they are shown, from `QMainWindow.saveState`."""
        return self._bytes(_WINDOW_STATE)

    @window_state.setter
    def window_state(self, state: QByteArray) -> None:
        self._settings.setValue(_WINDOW_STATE, state)

    @property
    def table_state(self) -> QByteArray | None:
        """The table's columns, from `InterruptionsView.save_state`."""
        return self._bytes(_TABLE_STATE)

    @table_state.setter
    def table_state(self, state: QByteArray) -> None:
        self._settings.setValue(_TABLE_STATE, state)

    @property
    def groups_state(self) -> QByteArray | None:
        """The columns of the table of groups, from `GroupsView.save_state`."""
        return self._bytes(_GROUPS_STATE)

    @groups_state.setter
    def groups_state(self, state: QByteArray) -> None:
        self._settings.setValue(_GROUPS_STATE, state)

    @property
    def waiting_state(self) -> QByteArray | None:
        """The columns of the waiting requests, from `WaitingPane.save_state`."""
        return self._bytes(_WAITING_STATE)

    @waiting_state.setter
    def waiting_state(self, state: QByteArray) -> None:
        self._settings.setValue(_WAITING_STATE, state)

    @property
    def delay_s(self) -> float | None:
        """The last fixed delay in seconds, if it is possible. Setting another one does nothing."""
        text = self._value(_DELAY)
        try:
            return parse_delay(text) if isinstance(text, str) else None
        except ValueError:
            return None

    @delay_s.setter
    def delay_s(self, delay_s: float) -> None:
        try:
            self._settings.setValue(_DELAY, repr(check_delay(delay_s)))
        except ValueError:
            return

    @property
    def delay_plan(self) -> DelayPlan:
        """How delays were found last; if that is missing or broken, the last fixed delay."""
        text = self._value(_DELAY_PLAN)
        try:
            return plan_from_json(text if isinstance(text, str) else "")
        except ValueError:
            delay_s = self.delay_s
            return Fixed() if delay_s is None else Fixed(delay_s)

    @delay_plan.setter
    def delay_plan(self, plan: DelayPlan) -> None:
        self._settings.setValue(_DELAY_PLAN, plan_to_json(plan))

    @property
    def colours(self) -> Colours:
        """Which colours the user chose; the desktop's if that is missing or broken."""
        try:
            return Colours(self._value(_COLOURS))
        except ValueError:
            return Colours.SYSTEM

    @colours.setter
    def colours(self, colours: Colours) -> None:
        self._settings.setValue(_COLOURS, colours.value)

    @property
    def filters(self) -> dict[str, str]:
        """The filters that the user has saved: their expressions by their names."""
        filters = self._object(_FILTERS)
        return {name: text for name, text in filters.items() if isinstance(text, str)}

    @filters.setter
    def filters(self, filters: Mapping[str, str]) -> None:
        self._settings.setValue(_FILTERS, json.dumps(dict(filters)))

    @property
    def grouping(self) -> Grouping | None:
        """How the rows are grouped; None if they are not, or if it is broken."""
        try:
            return Grouping(self._value(_GROUPING))
        except ValueError:
            return None

    @grouping.setter
    def grouping(self, grouping: Grouping | None) -> None:
        self._settings.setValue(_GROUPING, grouping.value if grouping else "")

    @property
    def campaign(self) -> dict[str, object]:
        """The values of the fields of the impatient clients, by their names."""
        return self._object(_CAMPAIGN)

    @campaign.setter
    def campaign(self, fields: Mapping[str, object]) -> None:
        self._settings.setValue(_CAMPAIGN, json.dumps(dict(fields)))

    @property
    def history_limits(self) -> HistoryLimits:
        """What the history keeps; the default if that is missing or broken."""
        try:
            return HistoryLimits(
                int(str(self._value(_HISTORY_DAYS))), int(str(self._value(_HISTORY_MEGABYTES)))
            )
        except ValueError:
            return HistoryLimits()

    @history_limits.setter
    def history_limits(self, limits: HistoryLimits) -> None:
        self._settings.setValue(_HISTORY_DAYS, limits.days)
        self._settings.setValue(_HISTORY_MEGABYTES, limits.megabytes)

    @property
    def editor(self) -> str:
        """The command that opens a source file; empty if the user has set none."""
        text = self._value(_EDITOR)
        return text if isinstance(text, str) else ""

    @editor.setter
    def editor(self, command: str) -> None:
        self._settings.setValue(_EDITOR, command)

    def problem(self) -> str | None:
        """Write what is set to the file; return why that fails in one sentence, or None."""
        self._settings.sync()
        status = self._settings.status()
        if status == QSettings.Status.NoError and self._settings.isWritable():
            return None
        name = self._settings.fileName()
        if status == QSettings.Status.FormatError:
            return f"The settings file {name} is damaged; settings may not be saved."
        return f"Settings are not saved: the file {name} cannot be written."

    def _bytes(self, key: str) -> QByteArray | None:
        value = self._value(key)
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def _object(self, key: str) -> dict[str, object]:
        """Return a JSON object; an empty one if it is missing or broken."""
        text = self._value(key)
        try:
            values = json.loads(text) if isinstance(text, str) else {}
        except (ValueError, RecursionError):  # it is nested too deeply
            return {}
        return values if isinstance(values, dict) else {}

    def _value(self, key: str) -> object:
        try:
            value: object = self._settings.value(key)
        except Exception:  # a damaged value of a type that PyQt5 cannot read; any error there is
            return None
        return value
