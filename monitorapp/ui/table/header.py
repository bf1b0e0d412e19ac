"""The header of the live table: which columns there are, how wide, and in which order."""

from __future__ import annotations

import json
from typing import Final, cast

from PyQt5.QtCore import QByteArray, QRect, Qt, pyqtSignal
from PyQt5.QtGui import QContextMenuEvent, QPainter, QPalette, QResizeEvent
from PyQt5.QtWidgets import QAction, QHeaderView, QMenu, QStyle, QStyleOptionHeader, QWidget

from monitorapp.ui.table.columns import (
    COLUMNS,
    LEFT,
    RIGHT,
    RIGHT_ALIGNED,
    TITLES,
    WIDEST,
    Column,
)
from monitorapp.ui.table.sorting import Sorting

MARGIN_PX: Final = 8
"""Space at either side of a cell's text."""

_STATE_VERSION: Final = 1
_WIDTHS_PX: Final = range(24, 10_001)
_MINIMUM_PATH_PX: Final = 120
_NEW_WIDTH_PX: Final = 150


class InterruptionHeader(QHeaderView):
    """Columns that a person can resize, move, hide, and sort by.

    Until one of them is resized by hand, the path takes the width that the others leave.
    A click sorts by a column, a second one the other way round, and a third one no longer.

    Signals:
        sorting_changed(object): The rows shall have this `Sorting`, or None.
    """

    sorting_changed = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("interruptions_header")
        self.setAccessibleName("Columns of the interrupted responses")
        self.setSectionsMovable(True)
        self.setStretchLastSection(True)
        self.setMinimumSectionSize(_WIDTHS_PX.start)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self._sorting: Sorting | None = None
        self._fits = True
        self._fitting = False
        self._first: int | None = None
        self._widths_px: dict[Column, int] = {}  # of hidden columns
        self.sectionClicked.connect(self._sort_next)
        self.sectionResized.connect(self._note_resize)
        self.sectionMoved.connect(self._note_order)
        self.sectionCountChanged.connect(self._note_order)

    @property
    def first_column(self) -> int:
        """The column that is leftmost on the screen; -1 if there is none."""
        if self._first is None:
            order = self._order()
            self._first = order[0] if order else -1
        return self._first

    @property
    def sorting(self) -> Sorting | None:
        """By what the rows are sorted; None in the order of their arrival."""
        return self._sorting

    def set_sorting(self, sorting: Sorting | None) -> None:
        """Show by what the rows are sorted, and let them be."""
        if sorting != self._sorting:
            self._sorting = sorting
            self._area.update()
            self.sorting_changed.emit(sorting)

    def set_default_widths(self) -> None:
        """Give each column the width that the font asks for, and the path what is left."""
        self._fits = True
        for column in COLUMNS:
            self._resize(column, self._default_width_px(column))
        self._fit()

    def set_column_visible(self, column: Column, visible: bool) -> None:
        """Show or hide a column. The last one that is visible stays."""
        if visible != self.isSectionHidden(column) or (not visible and len(self._order()) < 2):
            return
        if not visible:
            self._widths_px[column] = self.sectionSize(column)
        self.setSectionHidden(column, not visible)
        self._note_order()

    def reset(self) -> None:
        """Drop what is known of the columns, since the model was reset or replaced."""
        super().reset()
        self._first = None

    def reset_columns(self) -> None:
        """Show all columns in their first order and width, and the rows unsorted."""
        self.set_sorting(None)
        for place, column in enumerate(COLUMNS):
            self.moveSection(self.visualIndex(column), place)
            self.setSectionHidden(column, False)
        self._note_order()
        self.set_default_widths()

    def state(self) -> QByteArray:
        """Return the order, widths and visibility of the columns, and what is sorted by."""
        columns = []
        for place in range(self.count()):
            column = COLUMNS[self.logicalIndex(place)]
            hidden = self.isSectionHidden(column)
            width_px = self.sectionSize(column)
            if hidden:
                width_px = self._widths_px.get(column, self._default_width_px(column))
            columns.append([column.key, width_px, hidden])
        sort = None
        if self._sorting is not None:
            sort = [self._sorting.column.key, self._sorting.descending]
        state = {"version": _STATE_VERSION, "fits": self._fits, "columns": columns, "sort": sort}
        return QByteArray(json.dumps(state).encode("ascii"))

    def restore(self, state: QByteArray) -> bool:
        """Take over what `state` returned; return False and change nothing if it is broken."""
        read = _read(bytes(state))
        if read is None:
            return False
        fits, columns, sorting = read
        self._fits = False
        for place, (column, width_px, hidden) in enumerate(columns):
            self.moveSection(self.visualIndex(column), place)
            self._widths_px[column] = width_px
            self.setSectionHidden(column, hidden)
            if not hidden:
                self._resize(column, width_px)
        self._fits = fits
        self._note_order()
        self.set_sorting(sorting)
        return True

    def menu(self) -> QMenu:
        """Return a new menu in which columns are chosen."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = self._order()
        for column in COLUMNS:
            action = QAction(TITLES[column], menu)
            action.setCheckable(True)
            action.setChecked(column in shown)
            action.setEnabled(shown != [column])
            action.toggled.connect(
                lambda visible, column=column: self.set_column_visible(column, visible)
            )
            menu.addAction(action)
        menu.addSeparator()
        reset = QAction("Reset Columns", menu)
        reset.triggered.connect(self.reset_columns)
        menu.addAction(reset)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Offer the columns to choose from."""
        if event is not None:
            self.menu().popup(event.globalPos())

    def paintSection(self, painter: QPainter | None, rect: QRect, logicalIndex: int) -> None:
        """Paint a title, in line with the text of the cells below it."""
        style = self.style()
        if painter is None or style is None or not rect.isValid():
            return
        column = COLUMNS[logicalIndex]
        option = QStyleOptionHeader()
        self.initStyleOption(option)
        option.rect = rect
        option.section = logicalIndex
        painter.save()
        style.drawControl(QStyle.ControlElement.CE_HeaderSection, option, painter, self)
        painter.restore()
        room = rect.adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
        if self._sorting is not None and self._sorting.column == column:
            side_px = self.fontMetrics().height() * 2 // 3
            option.rect = QRect(0, 0, side_px, side_px)
            option.rect.moveCenter(room.center())
            text_px = self.fontMetrics().horizontalAdvance(TITLES[column])
            if column in RIGHT_ALIGNED:  # the arrow stands before the title, else behind it
                option.rect.moveLeft(max(room.left(), room.right() - text_px - side_px - 4))
                room.setLeft(option.rect.right() + 4)
            else:
                option.rect.moveLeft(min(room.left() + text_px + 5, room.right() - side_px))
                room.setRight(option.rect.left() - 3)
            # Qt's names: an arrow down stands for ascending, in the style as well.
            option.sortIndicator = (
                QStyleOptionHeader.SortIndicator.SortUp
                if self._sorting.descending
                else QStyleOptionHeader.SortIndicator.SortDown
            )
            style.drawPrimitive(
                QStyle.PrimitiveElement.PE_IndicatorHeaderArrow, option, painter, self
            )
        style.drawItemText(
            painter,
            room,
            RIGHT if column in RIGHT_ALIGNED else LEFT,
            option.palette,
            self.isEnabled(),
            self.fontMetrics().elidedText(
                TITLES[column], Qt.TextElideMode.ElideRight, room.width() + 1
            ),
            QPalette.ColorRole.ButtonText,
        )

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Let the path take what is left."""
        super().resizeEvent(event)
        self._fit()

    @property
    def _area(self) -> QWidget:
        return cast(QWidget, self.viewport())

    def _order(self) -> list[Column]:
        """Return the visible columns from left to right."""
        logical = (self.logicalIndex(place) for place in range(self.count()))
        return [COLUMNS[column] for column in logical if not self.isSectionHidden(column)]

    def _default_width_px(self, column: Column) -> int:
        metrics = self.fontMetrics()
        text_px = max(
            metrics.horizontalAdvance(WIDEST[column]), metrics.horizontalAdvance(TITLES[column])
        )
        # The first column has the triangle and the star before its text, each about as wide
        # as a line is high.
        triangle_px = 2 * metrics.height() + 3 if column == Column.TIME else 0
        return text_px + 2 * MARGIN_PX + 4 + triangle_px

    def _fit(self) -> None:
        order = self._order()
        if not self._fits or Column.PATH not in order[:-1]:
            return
        last_px = self._default_width_px(order[-1])  # for now it may be stretched or squeezed
        others_px = last_px + sum(map(self.sectionSize, set(order[:-1]) - {Column.PATH}))
        self._resize(Column.PATH, max(_MINIMUM_PATH_PX, self._area.width() - others_px))

    def _resize(self, column: Column, width_px: int) -> None:
        self._fitting = True
        self.resizeSection(column, width_px)
        self._fitting = False

    def _sort_next(self, section: int) -> None:
        column = COLUMNS[section]
        if self._sorting is None or self._sorting.column != column:
            self.set_sorting(Sorting(column))
        elif not self._sorting.descending:
            self.set_sorting(Sorting(column, descending=True))
        else:
            self.set_sorting(None)

    def _note_resize(self, section: int, old_px: int, new_px: int) -> None:
        if self._fitting or not old_px or not new_px:  # hidden or shown
            return
        if section != self._order()[-1]:  # that one only fills what is left
            self._fits = False

    def _note_order(self, *_: int) -> None:
        self._first = None
        self._fit()
        self._area.update()


def _read(
    state: bytes,
) -> tuple[bool, list[tuple[Column, int, bool]], Sorting | None] | None:
    """Return whether the path fits itself, the columns, and what is sorted by.

    None if `state` is broken. A state of old knows no sorting.
    """
    try:
        loaded = json.loads(state)
        if loaded["version"] != _STATE_VERSION:
            return None
        columns = [
            (Column[str(key).upper()], int(width_px), bool(hidden))
            for key, width_px, hidden in loaded["columns"]
        ]
        fits = bool(loaded["fits"])
        sort = loaded.get("sort")
        sorting = Sorting(Column[str(sort[0]).upper()], bool(sort[1])) if sort else None
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    known = {column for column, _, _ in columns}
    sane = len(known) == len(columns) and all(width_px in _WIDTHS_PX for _, width_px, _ in columns)
    if not sane or all(hidden for _, _, hidden in columns):
        return None
    # A version that did not have these columns yet has saved the state.
    columns += [(column, _NEW_WIDTH_PX, False) for column in COLUMNS if column not in known]
    return fits, columns, sorting
