package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// table prints the areas as Markdown.
func table(areas []area, host string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n", host)
	for _, a := range areas {
		fmt.Fprintf(&b, "\n| %s | measured (goal) | per operation | allocations | benchmark |\n|---|---|---|---|---|\n", a.name)
		for _, r := range a.rows {
			fmt.Fprintf(&b, "| %s | %s | `%s` `%s` |\n", r.what, strings.Join(r.cells(), " | "), r.in, r.bench)
		}
	}
	return b.String()
}

// cells are the columns of what was measured.
func (r row) cells() []string {
	switch {
	case r.err != nil:
		first, _, _ := strings.Cut(r.err.Error(), "\n")
		return []string{"**failed**: " + strings.ReplaceAll(first, "|", "/"), "", ""}
	case r.got == nil:
		return []string{"not run: needs " + r.needs, "", ""}
	}
	var measured []string
	for _, g := range r.goals {
		measured = append(measured, g.text(r.got[g.unit]))
	}
	for _, unit := range r.shows {
		measured = append(measured, quantity(r.got[unit], unit))
	}
	allocs, ok := r.got["allocs/op"]
	if !ok {
		return []string{strings.Join(measured, "; "), duration(r.got["ns/op"]), ""}
	}
	return []string{strings.Join(measured, "; "), duration(r.got["ns/op"]), quantity(allocs, "")}
}

func (g goal) text(got float64) string {
	text := quantity(got, g.unit)
	switch {
	case g.most == 0:
		return text
	case got <= g.most:
		return text + " (≤ " + bare(g.most, g.unit) + ")"
	}
	return "**" + text + "** (≤ " + bare(g.most, g.unit) + ": missed)"
}

// quantity prints a value with its unit: "1.25 × floor", "310 ns", "12 MB/s".
func quantity(n float64, unit string) string {
	if theirs, ok := strings.CutPrefix(unit, "x-"); ok {
		return number(n) + " × " + theirs
	}
	if strings.HasSuffix(unit, "ns/op") {
		theirs := strings.TrimSuffix(strings.TrimSuffix(unit, "ns/op"), "-")
		return strings.TrimSpace(theirs + " " + duration(n))
	}
	return strings.TrimSpace(number(n) + " " + strings.Replace(unit, "allocs/op", "allocs", 1))
}

// bare is quantity without the name of theirs or of the unit.
func bare(n float64, unit string) string {
	if strings.HasSuffix(unit, "ns/op") {
		return duration(n)
	}
	return number(n)
}

// duration prints nanoseconds for people.
func duration(ns float64) string {
	for _, u := range []struct {
		name string
		ns   float64
	}{{"s", 1e9}, {"ms", 1e6}, {"µs", 1e3}} {
		if ns >= u.ns {
			return number(ns/u.ns) + " " + u.name
		}
	}
	return number(ns) + " ns"
}

// number prints three significant digits, and all of those before the point.
func number(n float64) string {
	if n >= 100 || n == float64(int64(n)) {
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	return strconv.FormatFloat(n, 'g', 3, 64)
}

// The README shows the table between these lines.
const begin, end = "<!-- bench -->\n", "<!-- /bench -->\n"

// show writes the table into the README.
func show(root, text string) error {
	name := filepath.Join(root, "README.md")
	raw, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(raw), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return fmt.Errorf("README.md has no lines %q and %q", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return os.WriteFile(name, []byte(before+begin+text+end+after), 0o644)
}
