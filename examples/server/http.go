package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// routes is everything the daemon answers. Only /webhooks/ and /paypal/ are for
// the world; a proxy keeps the rest inside.
func routes(p *parts, s *opened, t *telemetry, river http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string]any{"alive": true, "version": version()})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		why := append([]complaint{}, t.health.complaints()...)
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if _, err := s.Counts(ctx); err != nil {
			why = append(why, complaint{What: "store", Why: "it does not answer: " + word(err)})
		}
		status := http.StatusOK
		if len(why) > 0 {
			status = http.StatusServiceUnavailable
		}
		reply(w, status, map[string]any{"ready": len(why) == 0, "why": why})
	})
	mux.Handle("GET /metrics", t.scrape)
	if p.hooks != nil {
		mux.Handle("/webhooks/", p.hooks)
	}
	if p.direct != nil {
		mux.Handle("/paypal/return", p.direct.ReturnHandler(nil))
	}
	if p.direct != nil && p.verifier != nil {
		mux.Handle("/paypal/webhook", p.direct.WebhookHandler(p.verifier))
	}
	if river != nil {
		mux.Handle("/river/", river)
	}
	return mux
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked may be gone
}

// server returns an HTTP server with limits that suit a daemon behind a proxy.
func server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
