"""The header of a table: which columns there are, how wide, and in which order."""

from __future__ import annotations

from typing import Any, Final, cast

from PyQt5.QtCore import QByteArray, QRect, Qt
from PyQt5.QtGui import QContextMenuEvent, QPainter, QPalette, QResizeEvent
from PyQt5.QtWidgets import QAction, QHeaderView, QMenu, QStyle, QStyleOptionHeader, QWidget

from monitorapp.ui.widgets._column_state import WIDTHS_PX, ColumnState
from monitorapp.ui.widgets.cells import MARGIN_PX
from monitorapp.ui.widgets.columns import RIGHT, Column, ColumnModel, Sorting, section_of

_MINIMUM_FILLING_PX: Final = 120


class ColumnHeader(QHeaderView):
    """Columns of a `ColumnModel` that a user can resize, move and hide.

    Until it is resized by hand itself, the column that fills takes the width that the others
    leave.

    Args:
        name: Its object name.
        accessible_name: What assistive technology calls it.
        padding_px: How much wider than its sample a column is by default.
    """

    def __init__(
        self,
        name: str,
        accessible_name: str,
        padding_px: int = 2 * MARGIN_PX + 4,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setSectionsMovable(True)
        self.setStretchLastSection(True)
        self.setMinimumSectionSize(WIDTHS_PX.start)
        self.setHighlightSections(False)
        self._padding_px = padding_px
        self._sorting: Sorting | None = None
        self._fits = True
        self._fitting = False
        self._widths_px: dict[str, int] = {}  # of hidden columns
        self._menu: QMenu | None = None
        self.sectionResized.connect(self._note_resize)
        self.sectionMoved.connect(self._note_order)
        self.sectionCountChanged.connect(self._note_order)

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        """The columns of the model; none without one."""
        model = self.model()
        return model.columns if isinstance(model, ColumnModel) else ()

    @property
    def sorting(self) -> Sorting | None:
        """By what the rows are sorted; None in the order of their arrival."""
        return self._sorting

    def set_sorting(self, sorting: Sorting | None) -> None:
        """Show by what the rows are sorted."""
        self._sorting = sorting
        self._area.update()

    def set_default_widths(self) -> None:
        """Give each column the width that the font asks for, and one of them what is left."""
        self._fits = True
        for section in range(self.count()):
            self._resize(section, self._default_width_px(section))
        self._fit()

    def set_column_visible(self, key: str, visible: bool) -> None:
        """Show or hide the column with this key. The last one that is visible stays."""
        section = section_of(self.columns, key)
        if section < 0 or visible != self.isSectionHidden(section):
            return
        if not visible:
            if len(self.shown_sections()) < 2:
                return
            self._widths_px[key] = self.sectionSize(section)
        self.setSectionHidden(section, not visible)
        self._note_order()

    def shown_sections(self) -> list[int]:
        """Return the sections of the visible columns, from left to right."""
        sections = map(self.logicalIndex, range(self.count()))
        return [section for section in sections if not self.isSectionHidden(section)]

    def reset_columns(self) -> None:
        """Show all columns in their first order and width, and the rows in their first order."""
        self.set_sorting(None)
        for section in range(self.count()):
            self.moveSection(self.visualIndex(section), section)
            self.setSectionHidden(section, False)
        self._note_order()
        self.set_default_widths()

    def state(self) -> QByteArray:
        """Return the order, widths and visibility of the columns, and what is sorted by."""
        columns = []
        for section in map(self.logicalIndex, range(self.count())):
            key, hidden = self.columns[section].key, self.isSectionHidden(section)
            width_px = self.sectionSize(section)
            if hidden:
                width_px = self._widths_px.get(key, self._default_width_px(section))
            columns.append((key, width_px, hidden))
        return QByteArray(ColumnState(tuple(columns), self._fits, self.sorting).to_bytes())

    def restore(self, state: QByteArray) -> bool:
        """Restore what `state` returned; return False and change nothing if it is broken.

        Columns that it does not know come last, as they are by default, and those that are no
        longer there are passed over.
        """
        read = ColumnState.from_bytes(bytes(state))
        if read is None:
            return False
        sections = {column.key: section for section, column in enumerate(self.columns)}
        columns = [column for column in read.columns if column[0] in sections]
        if all(hidden for _, _, hidden in columns):
            return False
        known = {key for key, _, _ in columns}
        columns += [
            (key, self._default_width_px(section), False)
            for key, section in sections.items()
            if key not in known
        ]
        self._fits = False
        for place, (key, width_px, hidden) in enumerate(columns):
            section = sections[key]
            self.moveSection(self.visualIndex(section), place)
            self._widths_px[key] = width_px
            self.setSectionHidden(section, hidden)
            if not hidden:
                self._resize(section, width_px)
        self._fits = read.fits
        self._note_order()
        sorting = read.sorting
        if sorting is not None and not self._can_sort(section_of(self.columns, sorting.key)):
            sorting = None
        self.set_sorting(sorting)
        return True

    def menu(self) -> QMenu:
        """Return a new menu in which columns are chosen."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = self.shown_sections()
        for section, column in enumerate(self.columns):
            action = QAction(column.title, menu)
            action.setCheckable(True)
            action.setChecked(section in shown)
            action.setEnabled(shown != [section])
            action.toggled.connect(
                lambda visible, key=column.key: self.set_column_visible(key, visible)
            )
            menu.addAction(action)
        menu.addSeparator()
        reset = QAction("Reset columns", menu)
        reset.triggered.connect(self.reset_columns)
        menu.addAction(reset)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Show the menu of the columns, since a header has none."""
        if event is not None:
            self._menu = self.menu()
            self._menu.popup(event.globalPos())

    def paintSection(self, painter: QPainter | None, rect: QRect, logicalIndex: int) -> None:
        """Paint a title in line with the text of the cells below it, which Qt does not."""
        style = self.style()
        if painter is None or style is None or not rect.isValid():
            return
        column = self.columns[logicalIndex]
        option = QStyleOptionHeader()
        self.initStyleOption(option)
        option.rect = rect
        option.section = logicalIndex
        painter.save()
        style.drawControl(QStyle.ControlElement.CE_HeaderSection, option, painter, self)
        painter.restore()
        room = rect.adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
        if self._sorting is not None and self._sorting.key == column.key:
            self._paint_arrow(painter, style, option, column, room)
        style.drawItemText(
            painter,
            room,
            column.alignment,
            option.palette,
            self.isEnabled(),
            self.fontMetrics().elidedText(
                column.title, Qt.TextElideMode.ElideRight, room.width() + 1
            ),
            QPalette.ColorRole.ButtonText,
        )

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Resize the column that fills to the width that is left."""
        super().resizeEvent(event)
        self._fit()

    @property
    def _area(self) -> QWidget:
        return cast(QWidget, self.viewport())

    def _paint_arrow(
        self,
        painter: QPainter,
        style: QStyle,
        option: QStyleOptionHeader,
        column: Column[Any],
        room: QRect,
    ) -> None:
        """Paint the direction of the sorting, and reserve the room for it."""
        side_px = self.fontMetrics().height() * 2 // 3
        option.rect = QRect(0, 0, side_px, side_px)
        option.rect.moveCenter(room.center())
        text_px = self.fontMetrics().horizontalAdvance(column.title)
        if column.alignment == RIGHT:  # the arrow stands before the title, else behind it
            option.rect.moveLeft(max(room.left(), room.right() - text_px - side_px - 4))
            room.setLeft(option.rect.right() + 4)
        else:
            option.rect.moveLeft(min(room.left() + text_px + 5, room.right() - side_px))
            room.setRight(option.rect.left() - 3)
        # Qt's names: an arrow down stands for ascending, in the style as well.
        option.sortIndicator = (
            QStyleOptionHeader.SortIndicator.SortUp
            if self._sorting is not None and self._sorting.descending
            else QStyleOptionHeader.SortIndicator.SortDown
        )
        style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorHeaderArrow, option, painter, self)

    def _can_sort(self, section: int) -> bool:
        return 0 <= section < self.count() and self.columns[section].sort_key is not None

    def _default_width_px(self, section: int) -> int:
        metrics, column = self.fontMetrics(), self.columns[section]
        widest_px = max(map(metrics.horizontalAdvance, (column.sample, column.title)))
        return widest_px + self._padding_px

    def _fit(self) -> None:
        shown = self.shown_sections()
        filling = [section for section in shown[:-1] if self.columns[section].fills]
        if not self._fits or not filling:
            return
        last_px = self._default_width_px(shown[-1])  # for now it may be stretched or squeezed
        others_px = last_px + sum(map(self.sectionSize, set(shown[:-1]) - {filling[0]}))
        self._resize(filling[0], max(_MINIMUM_FILLING_PX, self._area.width() - others_px))

    def _resize(self, section: int, width_px: int) -> None:
        self._fitting = True
        self.resizeSection(section, width_px)
        self._fitting = False

    def _note_resize(self, section: int, old_px: int, new_px: int) -> None:
        if self._fitting or not old_px or not new_px:  # hidden or shown
            return
        if section != self.shown_sections()[-1]:  # that one only fills what is left
            self._fits = self._fits and self._fits_after(section)
            self._fit()

    def _fits_after(self, section: int) -> bool:
        """Return whether the columns still fit when this one was resized by hand."""
        return not self.columns[section].fills

    def _note_order(self, *_: int) -> None:
        self._fit()
        self._area.update()
