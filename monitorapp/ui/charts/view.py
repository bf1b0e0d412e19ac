"""Shows a chart, and says where the mouse is on it."""

from __future__ import annotations

from PyQt5.QtChart import QChart, QChartView
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt, pyqtSignal
from PyQt5.QtGui import QMouseEvent, QPainter
from PyQt5.QtWidgets import QFrame, QWidget


class ChartView(QChartView):
    """Shows a chart that no mouse moves or enlarges.

    Signals:
        pointed(QPointF): The mouse is at this place of the chart.
        left(): It left the chart.
        clicked(QPointF): It was clicked at this place.
    """

    pointed = pyqtSignal(QPointF)
    left = pyqtSignal()
    clicked = pyqtSignal(QPointF)

    def __init__(self, chart: QChart, parent: QWidget) -> None:
        super().__init__(chart, parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the chart's own
        self.setMinimumSize(80, 60)
        self.setMouseTracking(True)
        self._pressed = QPoint()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Say where the mouse is."""
        if event is not None:
            self.pointed.emit(self.mapToScene(event.pos()))

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Note where a click may begin."""
        if event is not None:
            self._pressed = event.pos()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Say where the mouse was clicked; a drag is no click."""
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if (event.pos() - self._pressed).manhattanLength() < 6:
            self.clicked.emit(self.mapToScene(event.pos()))

    def leaveEvent(self, event: QEvent | None) -> None:
        """Say that the mouse has left."""
        super().leaveEvent(event)
        self.left.emit()
