package mip

import (
	"slices"
	"strings"
)

// Diagram returns the state table as a Mermaid state diagram, for
// documentation. Steps that stay in their state are left out.
func Diagram() string {
	type edge struct{ from, to State }
	var edges []edge
	events := map[edge][]string{}
	for _, t := range transitions {
		e := edge{t.From, t.To}
		if t.From == t.To {
			continue
		}
		if _, seen := events[e]; !seen {
			edges = append(edges, e)
		}
		if name := strings.ReplaceAll(string(t.On), "_", " "); !slices.Contains(events[e], name) {
			events[e] = append(events[e], name)
		}
	}
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, e := range edges {
		from := string(e.from)
		if from == "" {
			from = "[*]"
		}
		b.WriteString("    " + from + " --> " + string(e.to) + " : " + strings.Join(events[e], ", ") + "\n")
	}
	for _, s := range States() {
		if s.Terminal() {
			b.WriteString("    " + string(s) + " --> [*]\n")
		}
	}
	return b.String()
}
