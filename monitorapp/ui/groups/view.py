"""The table of groups of interrupted responses."""

from __future__ import annotations

from typing import Final, cast

from PyQt5.QtCore import QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPalette, QShowEvent
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QScrollBar,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from monitorapp.ui.groups.model import COLUMNS, GroupColumn, GroupRow, GroupsModel

_INDENT_PX: Final = 22
_MARGIN_PX: Final = 4
_SELECT_ROW: Final = cast(
    QItemSelectionModel.SelectionFlags,
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
)
_WIDEST: Final = {
    GroupColumn.COUNT: "1,000,000",
    GroupColumn.FIRST: "00-00 00:00:00",
    GroupColumn.LAST: "00-00 00:00:00",
    GroupColumn.MEDIAN: "100.000 s",
    GroupColumn.LARGEST: "100.000 s",
    GroupColumn.COURSE: "closed by the client or so",
}


class _GroupDelegate(QStyledItemDelegate):
    """Paints groups with a triangle and their course, and the rows of open ones indented."""

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """Paint one cell."""
        model = cast(GroupsModel, index.model())
        row = model.row(index.row())
        if painter is None or row is None:
            return
        shifted = QStyleOptionViewItem(option)
        if not row.is_group:
            role = QPalette.ColorRole.Text
            shifted.palette.setColor(role, _dimmed(option.palette))
        if index.column() != GroupColumn.GROUP:
            super().paint(painter, shifted, index)
            if index.column() == GroupColumn.COURSE and row.is_group:
                self._paint_course(painter, option, model.course(row.group))
            return
        view = option.widget
        style = cast(QStyle, view.style())
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, view)
        shifted.rect = option.rect.adjusted(_INDENT_PX * (1 if row.is_group else 2), 0, 0, 0)
        super().paint(painter, shifted, index)
        if row.is_group:
            self._paint_triangle(painter, option, model.is_open(index.row()), style, view)

    def _paint_triangle(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        is_open: bool,
        style: QStyle,
        view: QWidget,
    ) -> None:
        triangle = QStyleOptionViewItem(option)
        triangle.rect = triangle_rect(option.rect)
        state = option.state & (QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Active)
        state |= QStyle.StateFlag.State_Children
        if is_open:
            state |= QStyle.StateFlag.State_Open
        triangle.state = cast(QStyle.State, state)
        style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorBranch, triangle, painter, view)

    def _paint_course(
        self, painter: QPainter, option: QStyleOptionViewItem, counts: list[int]
    ) -> None:
        most = max(counts)
        if not most:
            return
        room = option.rect.adjusted(2 * _MARGIN_PX, 3, -_MARGIN_PX, -3)
        selected = option.state & QStyle.StateFlag.State_Selected
        colour = option.palette.color(
            QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Highlight
        )
        step_px = room.width() / len(counts)
        for place, count in enumerate(counts):
            if count:
                height_px = max(1, round(room.height() * count / most))
                left = room.left() + round(place * step_px)
                right = room.left() + round((place + 1) * step_px)
                width_px = max(1, right - left - (1 if step_px >= 3 else 0))
                painter.fillRect(
                    QRect(left, room.bottom() - height_px + 1, width_px, height_px), colour
                )


class GroupsView(QTableView):
    """Shows groups; opens and closes them, and stays put while they change.

    Signals:
        chosen(object): The `Interruption` of a row was chosen, to be seen in the table.
        all_wanted(object): All rows of this `Group` shall be seen.
        menu_wanted(object, object): The menu of a group's newest `Interruption`, at this place.
    """

    chosen = pyqtSignal(object)
    all_wanted = pyqtSignal(object)
    menu_wanted = pyqtSignal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("groups_view")
        self.setAccessibleName("Groups of interrupted responses")
        self.groups_model = GroupsModel(parent=self)
        self.setItemDelegate(_GroupDelegate(self))
        self._kept: tuple[tuple[object, ...] | None, tuple[object, ...] | None] = (None, None)
        self.groups_model.modelAboutToBeReset.connect(self._keep_place)
        self.setModel(self.groups_model)
        self.groups_model.modelReset.connect(self._restore_place)  # after Qt's own slots
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        rows = cast(QHeaderView, self.verticalHeader())
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 6)
        rows.hide()
        columns = cast(QHeaderView, self.horizontalHeader())
        columns.setHighlightSections(False)
        columns.setSectionsMovable(True)
        columns.setSectionResizeMode(GroupColumn.GROUP, QHeaderView.ResizeMode.Stretch)
        for column in COLUMNS[1:]:
            width_px = self.fontMetrics().horizontalAdvance(_WIDEST[column])
            self.setColumnWidth(column, width_px + 14)
        self.setSortingEnabled(True)
        self.sortByColumn(GroupColumn.COUNT, Qt.SortOrder.DescendingOrder)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Keep up from now on."""
        super().showEvent(event)
        self.groups_model.set_active(True)

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Leave off."""
        super().hideEvent(event)
        self.groups_model.set_active(False)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Open and close groups, and choose rows."""
        if event is None:
            return
        current = self.currentIndex().row()
        row = self.groups_model.row(current)
        key = event.key()
        if row is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate(current)
        elif row is not None and key == Qt.Key.Key_Right and row.is_group:
            self.groups_model.set_open(current, True)
        elif row is not None and key == Qt.Key.Key_Left:
            self._go_out(current, row)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Open or close a group whose triangle is pressed."""
        if event is None:
            return
        index = self.indexAt(event.pos())
        super().mousePressEvent(event)
        if self._is_triangle(index, event.pos()):
            self.groups_model.set_open(index.row(), not self.groups_model.is_open(index.row()))

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Open or close a group, or choose a row of one."""
        if event is None:
            return
        index = self.indexAt(event.pos())
        if self._is_triangle(index, event.pos()):
            self.mousePressEvent(event)
        elif index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self._activate(index.row())

    def _is_triangle(self, index: QModelIndex, point: QPoint) -> bool:
        row = self.groups_model.row(index.row()) if index.isValid() else None
        if row is None or not row.is_group or index.column() != GroupColumn.GROUP:
            return False
        return triangle_rect(self.visualRect(index)).contains(point)

    def _activate(self, place: int) -> None:
        row = self.groups_model.row(place)
        if row is None:
            return
        if row.interruption is not None:
            self.chosen.emit(row.interruption)
        elif row.older:
            self.all_wanted.emit(row.group)
        else:
            self.groups_model.set_open(place, not self.groups_model.is_open(place))

    def _go_out(self, place: int, row: GroupRow) -> None:
        self.groups_model.set_open(place, False)
        found = self.groups_model.row_of(GroupRow(row.group).identity)
        if found is not None:
            self._select(found)

    def _open_menu(self, place: QPoint) -> None:
        row = self.groups_model.row(self.indexAt(place).row())
        if row is not None:
            where = cast(QWidget, self.viewport()).mapToGlobal(place)
            self.menu_wanted.emit(row.interruption or row.group.newest, where)

    def _keep_place(self) -> None:
        current = self.groups_model.row(self.currentIndex().row())
        # At the very top, what comes to the top is what a person wants to see.
        first = cast(QScrollBar, self.verticalScrollBar()).value()
        top = self.groups_model.row(first) if first else None
        self._kept = (
            None if current is None else current.identity,
            None if top is None else top.identity,
        )

    def _restore_place(self) -> None:
        current, top = self._kept
        place = None if current is None else self.groups_model.row_of(current)
        if place is None and current is not None:  # a row of a group that was closed, or is older
            place = self.groups_model.row_of((current[0], False))
        if place is not None:
            self._select(place)
        found = None if top is None else self.groups_model.row_of(top)
        self.executeDelayedItemsLayout()
        cast(QScrollBar, self.verticalScrollBar()).setValue(found or 0)

    def _select(self, place: int) -> None:
        selection = cast(QItemSelectionModel, self.selectionModel())
        selection.setCurrentIndex(self.groups_model.index(place, 0), _SELECT_ROW)


def triangle_rect(cell: QRect) -> QRect:
    """Return where the triangle is in the first cell of a group."""
    return QRect(cell.left() + 2, cell.top(), _INDENT_PX - 2, cell.height())


def _dimmed(palette: QPalette) -> QColor:
    colour = palette.color(QPalette.ColorRole.Text)
    colour.setAlphaF(0.75)
    return colour
