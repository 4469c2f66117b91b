"""Changes to a city, for tests that compare killings before and after: a lever, a field of a neighbourhood, or several."""


def lever(name, dose=1.0, i=8):
    return lambda city: city.levers[name].__setitem__(i, dose)


def field(name, value, i=8):
    return lambda city: city.neighbourhood[name].__setitem__(i, value)


def both(*changes):
    def change(city):
        for each in changes:
            each(city)

    return change
