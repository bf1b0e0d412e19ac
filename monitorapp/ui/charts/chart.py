"""A chart of steps over one axis of numbers or times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QEvent, QSize, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QContextMenuEvent, QKeyEvent, QPalette, QShowEvent
from PyQt5.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QMenu,
    QStackedLayout,
    QWidget,
)

from monitorapp.ui.charts._ticks import number_label, round_number, time_label
from monitorapp.ui.charts.series import Axes, Steps, plain

if TYPE_CHECKING:
    from monitorapp.ui.charts._plot import Plot


class ChartFileError(Exception):
    """A chart was not written; the message is one sentence with the reason and what to do."""


class Chart(QWidget):
    """Shows lines of steps, with bands around them, and reads their values at the pointer.

    The wheel enlarges the x axis and the left button moves it; a double click shows all again.
    The left and right keys move the pointer from step to step, Enter clicks. All text is plain.
    It draws only while it is seen, and the drawing library is loaded for the first drawing.

    Args:
        name: Its object name.
        accessible_name: What a screen reader calls it.
        axes: What its axes mean.
        empty_text: What stands in it while there is nothing to draw.
        parent: Where it belongs.

    Signals:
        clicked_at(float): Emitted when the plot is clicked, with the x there.
        zoomed(object): Emitted when the user chooses a part of the x axis, with its two ends;
            None for all of it.
        left_px_changed(): Emitted when `left_px` has changed.
        status_message(str): Emitted when a picture was written, or not, with one sentence.
    """

    clicked_at = pyqtSignal(float)
    zoomed = pyqtSignal(object)
    left_px_changed = pyqtSignal()
    status_message = pyqtSignal(str)

    def __init__(
        self,
        name: str,
        accessible_name: str,
        axes: Axes,
        empty_text: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._axes = axes
        self._lines: Sequence[Steps] = ()
        self._x_range = (0.0, 1.0)
        self._marker: tuple[float | None, str] = (None, "")
        self._pointed: float | None = None
        self._is_drawn = False
        self._plot: Plot | None = None
        self._empty = QLabel(plain(empty_text))
        self._empty.setObjectName(f"{name}_empty")
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setAutoFillBackground(True)
        self._empty.setBackgroundRole(QPalette.ColorRole.Base)
        self._empty.setForegroundRole(QPalette.ColorRole.Text)
        self._empty.setMinimumSize(1, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        # A click waits while it may become a double click.
        self._click = QTimer(self)
        self._click.setSingleShot(True)
        self._click.setInterval(QApplication.doubleClickInterval())
        self._click.timeout.connect(self._emit_click)
        self._clicked_x = 0.0

    def set_lines(self, lines: Sequence[Steps], x_range: tuple[float, float]) -> None:
        """Show these lines instead of the present ones.

        Args:
            lines: What is shown.
            x_range: The ends of the x axis, the lower first.
        """
        self._lines = [line for line in lines if line.values]
        self._x_range = x_range if x_range[0] < x_range[1] else (x_range[0], x_range[0] + 1.0)
        self._is_drawn = False
        self._draw()

    def set_marker(self, x: float | None, label: str | None = None) -> None:
        """Mark one x by a dashed line with a label, by default x; None for no mark."""
        if x is not None and label is None:
            label = self._x_text(x)
        self._marker = (x, label or "")
        if self._plot is not None:
            self._plot.set_marker(*self._marker)

    def set_zoom(self, zoom: tuple[float, float] | None) -> None:
        """Show only a part of the x axis; None for all of it."""
        if self._plot is not None:
            self._plot.set_zoom(zoom)

    @property
    def left_px(self) -> float:
        """How wide the labels of the y axis are, in pixels; 0 before the first drawing."""
        return 0.0 if self._plot is None else self._plot.left_px

    def set_least_left_px(self, width_px: float) -> None:
        """Leave at least so much room for the labels of the y axis, to line charts up."""
        if self._plot is not None:
            self._plot.set_least_left_px(width_px)

    def span_of(self, width_px: float) -> float:
        """Return how much of the x axis lies within so many pixels."""
        return 0.0 if self._plot is None else width_px * self._plot.x_per_px()

    def reading(self, x: float) -> str:
        """Return the values of all lines at `x`, a line of text for each, below that of `x`."""
        rows = [self._x_text(x)]
        for line in self._lines:
            value = line.value_at(x)
            if value is not None:
                number = f"{value:,.0f}" if self._axes.y_is_whole else f"{value:,.3g}"
                rows.append(f"{plain(line.name)}: {number} {self._axes.y_unit}".rstrip())
        return "\n".join(rows)

    def save(self, path: Path) -> None:
        """Write the chart as PNG or SVG, by the suffix of `path`.

        Raises:
            ChartFileError: It has another suffix, there is nothing to draw, or it cannot be
                written.
        """
        suffix = path.suffix.lower()
        if suffix not in (".png", ".svg"):
            name = path.name or str(path)
            raise ChartFileError(f"A chart is saved as .png or .svg: {name} is neither.")
        if self._plot is None or not self._lines:
            raise ChartFileError("The chart was not saved: there is nothing to draw yet.")
        self._point_at(None)
        title = self.accessibleName()
        content = self._plot.png() if suffix == ".png" else self._plot.svg(title)
        try:
            path.write_bytes(content)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise ChartFileError(
                f"The chart was not saved to {path} ({reason}): choose another place."
            ) from error

    def menu(self) -> QMenu:
        """Return a menu of what can be done with the chart."""
        menu = QMenu(self)
        menu.setObjectName(f"{self.objectName()}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        all_action = menu.addAction("&View all")
        assert all_action is not None
        all_action.setObjectName("view_all_action")
        all_action.setToolTip("Show the whole axis again, and follow it (double click)")
        all_action.setEnabled(self._plot is not None and self._plot.is_zoomed)
        all_action.triggered.connect(self._view_all)
        menu.addSeparator()
        for suffix in ("PNG", "SVG"):
            action = menu.addAction(f"Save as &{suffix}…")
            assert action is not None
            action.setObjectName(f"save_{suffix.lower()}_action")
            action.setToolTip(f"Write this chart to a file, as {suffix}")
            action.setEnabled(bool(self._lines))
            action.triggered.connect(lambda _, suffix=suffix: self._ask_path(suffix))
        return menu

    def sizeHint(self) -> QSize:
        """Ask for a size in which a curve can be read."""
        return QSize(360, 150)

    def minimumSizeHint(self) -> QSize:
        """Ask for no less than a size in which there is something to see."""
        return QSize(80, 6 * self.fontMetrics().lineSpacing())

    def showEvent(self, event: QShowEvent | None) -> None:
        """Draw what arrived while it was hidden."""
        super().showEvent(event)
        self._draw()

    def event(self, event: QEvent | None) -> bool:
        """Show no tooltip over what the pointer reads."""
        if event is not None and event.type() == QEvent.Type.ToolTip and self._pointed is not None:
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Show the menu of the chart in place of Qt's own."""
        if event is not None:
            self.menu().popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Let the keys move the pointer by a step, click, or remove it."""
        if event is None:
            return
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._lines:
            self._step(1 if key == Qt.Key.Key_Right else -1)
        elif self._pointed is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked_at.emit(self._pointed)
        elif self._pointed is not None and key == Qt.Key.Key_Escape:
            self._point_at(None)
        else:
            super().keyPressEvent(event)

    def _draw(self) -> None:
        """Draw what is new, if it is seen."""
        if self._is_drawn or not self.isVisible():
            return
        self._is_drawn = True
        if not self._lines:
            self._stack.setCurrentWidget(self._empty)
            return
        if self._plot is None:
            self._plot = self._make_plot()
        if self._stack.currentWidget() is self._empty:
            self._stack.setCurrentWidget(self._plot)
            self._plot.setGeometry(self.rect())  # or it would get its size only later
        self._plot.draw(self._lines, self._x_range)
        if self._pointed is not None:
            self._point_at(self._pointed)

    def _make_plot(self) -> Plot:
        from monitorapp.ui.charts._plot import Plot  # takes 0.1 to 0.2 s the first time

        plot = Plot(self._axes, self)
        plot.setObjectName(f"{self.objectName()}_view")
        plot.pointed.connect(self._point_at)
        plot.clicked.connect(self._on_click)
        plot.double_clicked.connect(self._view_all)
        plot.zoomed.connect(self.zoomed)
        plot.left_px_changed.connect(self.left_px_changed)
        plot.set_marker(*self._marker)
        self._stack.addWidget(plot)
        return plot

    def _x_text(self, x: float) -> str:
        if self._axes.x_is_time:
            return time_label(x)
        step = round_number((self._x_range[1] - self._x_range[0]) / 500)
        return f"{number_label(x, step)} {self._axes.x_unit}".rstrip()

    def _step(self, steps: int) -> None:
        low, high = self._x_range if self._plot is None else self._plot.shown
        edges = sorted({x for line in self._lines for x in line.edges[:-1] if low <= x <= high})
        if edges:
            at = high if self._pointed is None else self._pointed
            place = bisect_right(edges, at) - 1 + steps
            self._point_at(edges[min(max(place, 0), len(edges) - 1)])

    def _point_at(self, x: float | None) -> None:
        self._pointed = x
        text = "" if x is None else self.reading(x)
        if text:
            self.setAccessibleDescription(text)
        if self._plot is not None:
            self._plot.set_pointer(x, text)

    def _on_click(self, x: float) -> None:
        self._clicked_x = x
        self._click.start()

    def _emit_click(self) -> None:
        self.clicked_at.emit(self._clicked_x)

    def _view_all(self) -> None:
        self._click.stop()
        self.set_zoom(None)
        self.zoomed.emit(None)

    def _ask_path(self, suffix: str) -> None:
        dialog = QFileDialog(self, f"Save the chart as {suffix}")
        dialog.setObjectName("chart_file_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{suffix} pictures (*.{suffix.lower()})")
        dialog.setDefaultSuffix(suffix.lower())
        dialog.fileSelected.connect(self._save)
        dialog.open()

    def _save(self, name: str) -> None:
        try:
            self.save(Path(name))
        except ChartFileError as error:
            self.status_message.emit(str(error))
        else:
            self.status_message.emit(f"Saved {plain(name)}")
