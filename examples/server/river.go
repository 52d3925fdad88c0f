package main

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net/http"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"riverqueue.com/riverui"
)

// page is River's own user interface under /river/, for people with the
// password. It works until ctx ends. Jobs name orders by their refs only.
//
// Jobs may be looked at and retried. What is cancelled or deleted there is made
// again, since a job only says when something runs; a queue that is paused
// there stays so until somebody resumes it.
func (r *riverUI) page(ctx context.Context, c *config, s *opened, log *slog.Logger) (http.Handler, error) {
	if r == nil {
		return nil, nil
	}
	quiet := slog.New(slog.DiscardHandler)
	client, err := river.NewClient(riverpgxv5.New(s.pool), &river.Config{Schema: or(c.Store.Schema, "openmip"), Logger: quiet})
	if err != nil {
		return nil, err
	}
	ui, err := riverui.NewHandler(&riverui.HandlerOpts{Endpoints: riverui.NewEndpoints(client, nil), Logger: log.With("part", "river"), Prefix: "/river"})
	if err != nil {
		return nil, err
	}
	if err := ui.Start(ctx); err != nil {
		return nil, err
	}
	// A browser sends the password along with whatever another site makes it
	// ask for.
	return r.guarded(http.NewCrossOriginProtection().Handler(ui)), nil
}

// guarded asks for the user and the password.
func (r *riverUI) guarded(h http.Handler) http.Handler {
	want := sha256.Sum256([]byte(r.User + "\x00" + r.Password.Reveal()))
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		user, password, _ := req.BasicAuth()
		got := sha256.Sum256([]byte(user + "\x00" + password))
		if subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="river", charset="UTF-8"`)
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, req)
	})
}
