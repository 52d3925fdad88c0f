package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

// run tells the whole story, or does one of its parts in a terminal of its own.
func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("cluster", flag.ContinueOnError)
	name := flags.String("name", "one", "what this worker is called in what it prints")
	orders := flags.Int("orders", 30, "how many orders customers make")
	part := ""
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		part, args = args[0], args[1:]
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	database := os.Getenv("DATABASE_URL")
	if database == "" && part != "outside" {
		return errors.New("DATABASE_URL is not set; the README says how to start a database")
	}
	switch part {
	case "":
		return tell(ctx, database, *orders)
	case "migrate":
		return migrate(ctx, database)
	case "outside":
		return sell(ctx, *orders)
	case "work":
		return work(ctx, database, *name)
	}
	return fmt.Errorf("no part is called %q: want migrate, outside, work, or none for the whole story", part)
}
