package main

// row is one line of the table.
type row struct {
	what  string   // is measured, in words
	in    string   // the package's folder, from the repository's root
	bench string   // its benchmark as go test prints it, without the processors: "BenchmarkStep/clean"
	goals []goal   // the first is the headline
	shows []string // units to print besides; ns/op and allocs/op always are
	needs string   // what must be installed: "PostgreSQL"; empty = nothing

	got values
	err error // why there is nothing
}

// goal is the most that a value may be. 0 = there is no goal, the value is
// shown all the same.
type goal struct {
	unit string
	most float64
}

// area is a group of rows.
type area struct {
	name string
	rows []row
}

func all() []area {
	return []area{
		{"Core", coreRows},
		{"Embedded", embeddedRows},
		{"Wire", wireRows},
		{"PostgreSQL", postgresRows},
	}
}
