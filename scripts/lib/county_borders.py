"""County boundaries from a TopoJSON file: in which county a point lies, and how far from a border.

Used by `scripts/make-places` to judge what other files say; nothing of it gets into the table.
"""
import math
from collections import defaultdict


class Borders:
    """Counties as polygons, in degrees."""

    def __init__(self, topology: dict):
        (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
        self.arcs = []
        for arc in topology["arcs"]:
            x = y = 0
            points = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                points.append((x * scale_x + left, y * scale_y + bottom))
            self.arcs.append(points)
        self.rings: dict[int, list] = {}
        self.grid = defaultdict(list)
        for county in topology["objects"]["counties"]["geometries"]:
            shapes = county["arcs"] if county["type"] == "MultiPolygon" else [county["arcs"]]
            rings = [self.ring(ring) for shape in shapes for ring in shape]
            fips = int(county["id"])
            self.rings[fips] = rings
            for cell in {(int(x // 1), int(y // 1)) for r in rings for x, y in r}:
                for dx in (-1, 0, 1):
                    for dy in (-1, 0, 1):
                        cells = self.grid[cell[0] + dx, cell[1] + dy]
                        if fips not in cells:
                            cells.append(fips)

    def ring(self, indices):
        points = []
        for index in indices:
            arc = self.arcs[index] if index >= 0 else self.arcs[~index][::-1]
            points.extend(arc[1:] if points else arc)
        return points

    def county_at(self, lon: float, lat: float) -> int | None:
        for fips in self.grid.get((int(lon // 1), int(lat // 1)), []):
            inside = False
            for ring in self.rings[fips]:
                for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
                    if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                        inside = not inside
            if inside:
                return fips
        return None

    def km_to(self, fips: int, lon: float, lat: float) -> float:
        """Distance to the border of a county, on a plane around the point."""
        best, shrink = math.inf, math.cos(math.radians(lat))
        for ring in self.rings.get(fips, []):
            for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
                ax, ay = (x1 - lon) * shrink * 111.3, (y1 - lat) * 111.3
                dx, dy = (x2 - x1) * shrink * 111.3, (y2 - y1) * 111.3
                length = dx * dx + dy * dy
                along = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
                best = min(best, math.hypot(ax + along * dx, ay + along * dy))
        return best
