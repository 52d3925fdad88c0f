package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// serve runs until a signal comes or something breaks, and returns the exit
// code. A second signal ends the process at once.
func serve(c *config, log *slog.Logger) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	d, err := start(ctx, c, log)
	if err != nil {
		log.Error("not started", "error", err.Error())
		return exitBroken
	}
	log.Info("running", "address", d.listener.Addr().String(), "version", version(), "shops", len(d.parts.shops))
	code := exitClean
	select {
	case <-ctx.Done():
	case err := <-d.broke:
		log.Error("broke", "error", err.Error())
		code = exitBroken
	}
	stop()
	if !d.end() && code == exitClean {
		code = exitUnder
	}
	log.Info("stopped", "code", code)
	return code
}

// daemon is what runs.
type daemon struct {
	config   *config
	log      *slog.Logger
	store    *opened
	parts    *parts
	watched  *telemetry
	listener net.Listener
	server   *http.Server
	broke    chan error
	stop     context.CancelFunc // of the engine
	quit     context.CancelFunc // of everything else
	ended    chan struct{}      // the engine has ended
}

// start opens the store, takes the address and lets everything run.
func start(ctx context.Context, c *config, log *slog.Logger) (d *daemon, err error) {
	d = &daemon{config: c, log: log, broke: make(chan error, 2), ended: make(chan struct{})}
	health := newHealth(c.Watch.Red)
	if d.watched, err = newTelemetry(health, log, os.Getenv); err != nil {
		return nil, err
	}
	var on net.ListenConfig
	if d.listener, err = on.Listen(ctx, "tcp", c.Listen); err != nil {
		return nil, err
	}
	if d.store, err = c.Store.open(ctx); err != nil {
		return nil, errors.Join(err, d.listener.Close())
	}
	var working, living context.Context
	working, d.stop = context.WithCancel(context.Background())
	living, d.quit = context.WithCancel(context.Background())
	d.parts, err = assemble(c, d.store, d.watched, log)
	var river http.Handler
	if err == nil {
		river, err = c.River.page(living, c, d.store, log)
	}
	if err != nil {
		d.stop()
		d.quit()
		d.store.close()
		return nil, errors.Join(err, d.listener.Close())
	}
	if !c.Store.postgres() { // elsewhere another process may be the one that polls
		for _, shop := range d.parts.shops {
			health.expect(shop.Name(), health.patience(c.Timing.Every))
		}
	}
	d.server = server(routes(d.parts, d.store, d.watched, river), log)
	d.run(working, living)
	return d, nil
}

// run starts what runs beside each other.
func (d *daemon) run(working, living context.Context) {
	go func() {
		defer close(d.ended)
		if err := d.parts.engine.Run(working); err != nil {
			d.broke <- err
		}
	}()
	if d.parts.hooks != nil {
		go func() { _ = d.parts.hooks.Run(living) }() // it ends with its context only
	}
	go d.parts.watch(living, d.store, d.watched, d.config.Watch.Every)
	go func() {
		if err := d.server.Serve(d.listener); !errors.Is(err, http.ErrServerClosed) {
			d.broke <- err
		}
	}()
}

// end lets what was begun end, for at most the configured time, and reports
// whether it did. What did not is looked up at the next start.
func (d *daemon) end() bool {
	d.log.Info("stopping", "within", d.config.Shutdown.String())
	d.watched.health.stop()
	ctx, cancel := context.WithTimeout(context.Background(), d.config.Shutdown)
	defer cancel()
	answered := make(chan error, 1)
	go func() { answered <- d.server.Shutdown(ctx) }()
	d.stop()
	select {
	case <-d.ended:
	case <-ctx.Done():
	}
	err := errors.Join(ctx.Err(), <-answered)
	d.quit()
	select {
	case <-d.ended: // cut off, it records what it knows
	case <-time.After(5 * time.Second):
		err = errors.Join(err, errors.New("the engine goes on"))
	}
	if err != nil {
		d.log.Warn("something was still under way; the next start looks it up", "error", err.Error())
		_ = d.server.Close()
	}
	flush, done := context.WithTimeout(context.Background(), 2*time.Second)
	defer done()
	d.watched.close(flush)
	d.store.close()
	return err == nil
}
