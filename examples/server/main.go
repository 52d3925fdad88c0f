package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/openmip/openmip/mip/memstore"
)

// The codes with which the process ends.
const (
	exitClean = iota
	exitBroken
	exitWrong // the command line or the file
	exitUnder // something was still under way
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, errOut io.Writer) int {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	flags.SetOutput(errOut)
	file := flags.String("config", "server.json", "the configuration")
	only := flags.Bool("check", false, "check the configuration and end")
	about := flags.Bool("version", false, "print the version and end")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return exitClean
	} else if err != nil {
		return exitWrong
	}
	if flags.NArg() > 0 {
		fmt.Fprintln(errOut, "server: want flags only; see -help")
		return exitWrong
	}
	if *about {
		fmt.Fprintln(out, "openmip server", version())
		return exitClean
	}
	c, err := readConfig(*file, os.LookupEnv)
	if err == nil {
		err = rehearse(c)
	}
	if err != nil {
		fmt.Fprintf(errOut, "server: %s is wrong:\n%s\n", *file, err)
		return exitWrong
	}
	if *only {
		fmt.Fprintln(out, *file, "is right")
		return exitClean
	}
	return serve(c, logger(c.Log, errOut))
}

// rehearse builds everything over a store in memory, so that what only an
// adapter can tell is told before anything is touched.
func rehearse(c *config) error {
	silent := slog.New(slog.DiscardHandler)
	t, err := newTelemetry(newHealth(c.Watch.Red), silent, func(string) string { return "" })
	if err != nil {
		return err
	}
	store := memstore.New()
	_, err = assemble(c, &opened{Store: store, inbox: store}, t, silent)
	return err
}

func logger(level string, out io.Writer) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(or(level, "info"))) // the configuration was checked
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: l}))
}

// version is the module's version, or the revision it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (v == "" || v == "(devel)") {
			v = s.Value
		}
	}
	return or(v, "unknown") + " " + info.GoVersion
}
