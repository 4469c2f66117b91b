"""Describe a city of your own in a text file, change a figure, and compare policies there.

    python examples/03_own_city.py

`citysafety new-city` writes a file with a comment at every field. After you have changed it to your city, run
`citysafety fit harbour_town.yaml` once, which brings the city to the homicide rate and membership that the file states.
"""

import subprocess
import sys
from pathlib import Path

import citysafety as cs

file = Path("harbour_town.yaml")
if not file.exists():
    # The same as the command `citysafety new-city harbour_town`.
    subprocess.run([sys.executable, "-m", "citysafety", "new-city", "harbour_town"], check=True)

# What you would do in an editor: the share of residents of the first neighbourhood who live in poverty.
text = file.read_text(encoding="utf-8")
file.write_text(text.replace("poverty: 0.10 ", "poverty: 0.25 ", 1), encoding="utf-8")

city = cs.load_city(file)
print(f"{city.title}: {len(city.neighbourhoods)} neighbourhoods, {sum(n.population for n in city.neighbourhoods)} residents")
print(f"Poverty in {city.neighbourhoods[0].name}: {city.neighbourhoods[0].poverty:.0%}")

comparison = cs.compare(city, ["enforcement", "resilience"], months=24, replications=12, scale=0.1)
table = comparison.overview()
print(table[table["title"].isin(["Homicide rate", "Recruits", "Public cost"])].to_string(index=False))
