package channels

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"net/http"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

var _ http.Handler = (*Webhooks)(nil)

// ServeHTTP implements [http.Handler]. Answers have no body but the status's
// own words.
func (w *Webhooks) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	l := w.lanes[path.Base(r.URL.Path)]
	switch {
	case l == nil:
		answer(rw, http.StatusNotFound)
		return
	case r.Method != http.MethodPost:
		rw.Header().Set("Allow", http.MethodPost)
		answer(rw, http.StatusMethodNotAllowed)
		return
	}
	select {
	case w.slots <- struct{}{}:
		defer func() { <-w.slots }()
	default:
		l.stats.add(func(s *WebhookStats) { s.Throttled++ })
		later(rw, http.StatusServiceUnavailable, time.Second)
		return
	}
	body, status := w.read(rw, r)
	if status != 0 {
		l.stats.add(func(s *WebhookStats) { s.Incomplete++ })
		w.warn(l, "webhook not received", "status", status)
		answer(rw, status)
		return
	}
	status, wait := w.receive(r, l, body)
	if wait > 0 {
		later(rw, status, wait)
		return
	}
	answer(rw, status)
}

// warn logs what anybody who knows the address can cause, a few times only.
func (w *Webhooks) warn(l *lane, message string, args ...any) {
	if _, ok := l.warnings.take(w.now()); ok {
		w.config.Logger.Warn(message, append([]any{"channel", l.Name()}, args...)...)
	}
}

// read returns the body as it came, or the status that says why not.
func (w *Webhooks) read(rw http.ResponseWriter, r *http.Request) (body []byte, status int) {
	// A server without deadlines has to have its own.
	_ = http.NewResponseController(rw).SetReadDeadline(time.Now().Add(w.config.Patience))
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, w.config.MaxBody))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return nil, http.StatusRequestEntityTooLarge
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, http.StatusRequestTimeout
	}
	if err != nil {
		return nil, http.StatusBadRequest
	}
	return body, 0
}

// receive verifies and stores one delivery, and returns the status to answer
// and, if the sender shall repeat it, when.
func (w *Webhooks) receive(r *http.Request, l *lane, body []byte) (status int, wait time.Duration) {
	d, err := l.Webhook(r.Header, body)
	if err != nil {
		return w.refuse(l, err), 0
	}
	// Only now, or strangers could use up the channel's rate.
	if wait, ok := l.meter.take(w.now()); !ok {
		l.stats.add(func(s *WebhookStats) { s.Throttled++ })
		return http.StatusTooManyRequests, wait
	}
	refs := slices.DeleteFunc(slices.Clone(d.Refs), func(ref mip.Ref) bool { return ref.Channel != l.Name() || ref.Valid() != nil })
	if len(refs) < len(d.Refs) {
		w.config.Logger.Error("webhook names what is no order of this channel", "channel", l.Name(), "orders", len(d.Refs)-len(refs))
	}
	now := w.now()
	if len(refs) == 0 {
		l.stats.add(func(s *WebhookStats) { s.Ignored++; s.Last = now })
		return http.StatusOK, 0
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), w.config.Patience)
	defer cancel()
	fresh, err := w.config.Inbox.Keep(ctx, mip.Message{Source: l.Name(), ID: identity(d, body), Topic: word(d.Topic), Refs: refs, At: now})
	if err != nil {
		l.stats.add(func(s *WebhookStats) { s.NotStored++ })
		w.config.Logger.Error("webhook not stored", "channel", l.Name(), "orders", len(refs), "error", err)
		return http.StatusServiceUnavailable, 10 * time.Second
	}
	w.polled.named(refs, now)
	l.stats.add(func(s *WebhookStats) {
		s.Last = now
		if fresh {
			s.Stored++
		} else {
			s.Repeated++
		}
	})
	if fresh {
		poke(l.wake)
	}
	return http.StatusOK, 0
}

// refuse counts a delivery that cannot be believed or read. One that is
// rightly signed is acknowledged: sent again it would be no clearer, a platform
// that hears errors switches its webhook off, and polling finds the order.
func (w *Webhooks) refuse(l *lane, err error) int {
	if errors.Is(err, mip.ErrUnauthorized) {
		l.stats.add(func(s *WebhookStats) { s.Unauthorized++ })
		w.warn(l, "webhook refused", "error", err)
		return http.StatusUnauthorized
	}
	l.stats.add(func(s *WebhookStats) { s.Unreadable++ })
	w.config.Logger.Error("webhook not understood", "channel", l.Name(), "error", err)
	return http.StatusOK
}

// identity is the delivery's own id, or a digest where it has none that can be
// kept.
func identity(d mip.Delivery, body []byte) string {
	switch {
	case d.ID != "" && len(d.ID) <= 128 && word(d.ID) == d.ID:
		return d.ID
	case d.ID != "":
		body = []byte(d.ID)
	}
	sum := sha256.Sum256(body)
	return "sha256-" + hex.EncodeToString(sum[:])
}

// word is text as an inbox keeps it: printable and at most 128 bytes.
func word(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if len(text) > 128 {
		text = strings.ToValidUTF8(text[:128], "")
	}
	return text
}

// later asks the sender to repeat.
func later(rw http.ResponseWriter, status int, wait time.Duration) {
	rw.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
	answer(rw, status)
}

func answer(rw http.ResponseWriter, status int) { http.Error(rw, http.StatusText(status), status) }

func poke(wake chan<- struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}
