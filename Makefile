# citysafety: `make` lists what there is. Each target works alone on a fresh clone.
# Another Python than the first that fits: make PYTHON=/path/to/python demo

PYTHON ?=
PILLARS = regulation enforcement engagement resilience

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo test lowest newest lint docs validate bench clean installed installed_for_work

# A PYTHONPATH or PYTHONHOME of other work would put other code before ours.
unexport PYTHONPATH PYTHONHOME
# Without compiled modules kept beside them, every start would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile

setup: installed_for_work  ## make .venv with everything for using and changing citysafety

demo: installed  ## compare the four pillars, alone and together, on Chicago; ends with the path of the report
	.venv/bin/citysafety compare chicago $(PILLARS:%=--policy %) --policy all_four \
		--replications 20 --months 120 --seed 1 --scale 0.06 --out results/demo --force

test: installed_for_work  ## run the tests, then the lint
	.venv/bin/python -c "import sim.run; sim.run.warm()"
	.venv/bin/python -m pytest -n 2 --dist loadfile -m "not validate"
	$(MAKE) --no-print-directory lint

lowest:  ## run the tests on the lowest versions that pyproject.toml allows, in .venv-lowest
	@sh scripts/try_versions.sh lowest "$(PYTHON)"

newest:  ## run the tests on the newest versions that it allows, on each Python 3.12 to 3.14 that is there
	@sh scripts/try_versions.sh newest "$(PYTHON)"

lint: installed_for_work  ## check style and types
	.venv/bin/python -m ruff check
	.venv/bin/python -m mypy --strict

docs: installed_for_work  ## build the documentation into site/, to be opened from disk; a warning fails
	.venv/bin/python -m experiments.publish.pages

validate: installed_for_work  ## run the whole statistical validation, the slow part included, about an hour
	.venv/bin/python -c "import sim.run; sim.run.warm()"
	.venv/bin/python -m pytest tests/validation tests/scenarios $$(grep -rl --include='*.py' 'mark[.]validate' tests) \
		-o junit_logging=system-out --junit-xml=results/validation.xml

bench: installed  ## time the model; prints a table and writes benchmarks/results.json
	.venv/bin/python -m benchmarks

clean:  ## remove the environments, caches and results/demo; other results stay
	rm -rf .venv .venv-lowest .venv-newest-* .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .cache build dist site results/demo
	find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

installed:
	@sh scripts/install.sh maps "$(PYTHON)"

installed_for_work:
	@sh scripts/install.sh dev,maps,cluster,research,xarray "$(PYTHON)"
