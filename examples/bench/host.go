package main

import (
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// host describes the machine and the day.
func host(ctx context.Context, cpu string, now time.Time) string {
	database := "no PostgreSQL"
	if server := postgres(); server != "" {
		database = "PostgreSQL"
		if out, err := exec.CommandContext(ctx, server, "--version").Output(); err == nil {
			words := strings.Fields(strings.TrimPrefix(string(out), "postgres (PostgreSQL)"))
			database += " " + slices.Concat(words, []string{""})[0]
		}
	}
	return fmt.Sprintf("%s: %s, %d cores, %s/%s, %s, %s", now.UTC().Format(time.DateOnly),
		cmp.Or(cpu, "unknown processor"), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), strings.TrimSpace(database))
}

// installed reports whether what a row needs is on this machine.
func installed(what string) bool { return what != "PostgreSQL" || postgres() != "" }

// postgres returns where a PostgreSQL server's program is, empty if nowhere.
func postgres() string {
	if path, err := exec.LookPath("postgres"); err == nil {
		return path
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	return slices.Concat(found, []string{""})[0]
}
