package channels

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/openmip/openmip/mip"
)

// Pushed is a channel whose deliveries a [Receiver] can take.
type Pushed interface {
	Name() string
	Webhook
	mip.Getter
}

// ReceiverConfig says whose deliveries are taken and where they go. Channel
// and Ingest are required.
type ReceiverConfig struct {
	Channel Pushed `validate:"required,structonly"`
	// Ingest stores one order; it returns nil only once that is committed, and
	// is content with one it knows. [mip.ErrIgnored] counts as success.
	Ingest func(ctx context.Context, f mip.Facts) error `validate:"required"`
	// Gone is told of an order that the channel says it does not have (any
	// more). nil = such deliveries are acknowledged and forgotten, because the
	// shop may only be late: cancelling is for the channel's list to say.
	Gone func(ctx context.Context, ref mip.Ref) error `validate:"-"`
	// MaxBody is the longest delivery in bytes; 0 = 1 MiB.
	MaxBody int64 `validate:"gte=0"`
	// Timeout is for all that one delivery causes; 0 = 20 s. It goes on when
	// the sender hangs up.
	Timeout time.Duration `validate:"gte=0"`
	Logger  *slog.Logger  `validate:"-"` // nil = silent
}

// Receiver is the [http.Handler] that a channel's platform posts to. A
// delivery is only a hint: what it names is fetched from the channel and
// handed to Ingest.
//
//	200  everything named is committed, or the delivery names nothing (a ping,
//	     an unknown topic)
//	401  the signature is wrong or missing
//	405  not a POST request
//	413  longer than MaxBody
//	5xx  not committed; the sender shall repeat it
//
// The same delivery may come many times and at once, which Ingest settles.
// There is no inbox behind it: a delivery that is refused and never repeated
// is lost, as many are on the way. So polling [mip.Channel.Orders] goes on
// beside it and finds every order; a receiver only makes it sooner.
//
// Safe for concurrent use.
type Receiver struct{ config ReceiverConfig }

var _ http.Handler = (*Receiver)(nil)

// NewReceiver returns a receiver, [mip.ErrInvalid] if the config cannot work.
func NewReceiver(c ReceiverConfig) (*Receiver, error) {
	if err := validator.New(validator.WithRequiredStructEnabled()).Struct(c); err != nil {
		var wrong []string
		if fields, ok := errors.AsType[validator.ValidationErrors](err); ok {
			for _, f := range fields {
				wrong = append(wrong, f.Field()+" ("+f.Tag()+")")
			}
		}
		return nil, &mip.Error{Op: "webhook receiver config", Kind: mip.ErrInvalid,
			Err: errors.New("wrong or missing: " + strings.Join(wrong, ", "))}
	}
	c.MaxBody = cmp.Or(c.MaxBody, 1<<20)
	c.Timeout = cmp.Or(c.Timeout, 20*time.Second)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Receiver{c}, nil
}

// ServeHTTP implements [http.Handler]. Answers have no body but the status's
// own words.
func (rc *Receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		answer(w, http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, rc.config.MaxBody))
	if err != nil {
		if _, long := errors.AsType[*http.MaxBytesError](err); long {
			answer(w, http.StatusRequestEntityTooLarge)
			return
		}
		answer(w, http.StatusInternalServerError)
		return
	}
	d, err := rc.config.Channel.Webhook(r.Header, body)
	if err == nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), rc.config.Timeout)
		defer cancel()
		err = rc.take(ctx, d)
	} else if errors.Is(err, mip.ErrUnauthorized) {
		rc.config.Logger.Warn("webhook refused", "channel", rc.config.Channel.Name(), "error", err)
		answer(w, http.StatusUnauthorized)
		return
	}
	if err != nil {
		rc.config.Logger.Error("webhook not taken", "channel", rc.config.Channel.Name(),
			"topic", d.Topic, "delivery", d.ID, "orders", len(d.Refs), "error", err)
		rc.later(w, err)
		return
	}
	answer(w, http.StatusOK)
}

// later asks the sender to repeat.
func (rc *Receiver) later(w http.ResponseWriter, err error) {
	if wait := mip.RetryAfter(err); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
	if mip.Repeatable(err) {
		answer(w, http.StatusServiceUnavailable)
		return
	}
	answer(w, http.StatusInternalServerError)
}

// take fetches and hands over everything named; one order that fails does not
// keep the others back.
func (rc *Receiver) take(ctx context.Context, d mip.Delivery) error {
	var errs []error
	for _, ref := range d.Refs {
		if err := rc.one(ctx, ref); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

func (rc *Receiver) one(ctx context.Context, ref mip.Ref) error {
	if ref.Channel != rc.config.Channel.Name() {
		return &mip.Error{Op: "webhook", Ref: ref, Kind: mip.ErrInvalid, Err: errors.New("another account's order")}
	}
	facts, err := rc.config.Channel.Order(ctx, ref.ID)
	switch {
	case errors.Is(err, mip.ErrNotFound) && rc.config.Gone != nil:
		err = rc.config.Gone(ctx, ref)
	case errors.Is(err, mip.ErrNotFound):
		rc.config.Logger.Warn("webhook names an order that does not exist", "order", ref.String())
		return nil
	case err == nil && facts.Ref != ref:
		return &mip.Error{Op: "webhook", Ref: ref, Kind: mip.ErrContract, Err: errors.New("the channel gave another order")}
	case err == nil:
		err = rc.config.Ingest(ctx, facts)
	}
	if errors.Is(err, mip.ErrIgnored) {
		return nil
	}
	return err
}

func answer(w http.ResponseWriter, status int) { http.Error(w, http.StatusText(status), status) }
