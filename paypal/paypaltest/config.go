package paypaltest

import (
	"fmt"
	"time"

	"github.com/go-playground/validator/v10"
)

// What a server has unless its [Config] says otherwise.
const (
	ClientID  = "paypaltest-client"
	Secret    = "paypaltest-secret"
	WebhookID = "0PENM1PTEST45678X"
	// MerchantID is the account that receives the money.
	MerchantID    = "SUPPLERABCD23"
	MerchantEmail = "supplier@example.test"
	// PayerID is the account of the person who pays, and who never runs dry.
	PayerID    = "PAYERABCDEF23"
	PayerEmail = "payer@example.test"
)

const (
	// URL is a base URL for clients that use [Server.Transport], which takes
	// requests for any host.
	URL = "https://api-m.paypal.com"
	// PagesURL is where people approve payments.
	PagesURL = "https://www.paypal.com"
)

// Config describes an account that receives payments, and its app. The zero
// value is a useful one.
type Config struct {
	// Now is the clock. nil = [time.Now], which is the bubble's clock in
	// testing/synctest.
	Now func() time.Time

	ClientID  string // empty = [ClientID]
	Secret    string // empty = [Secret]
	WebhookID string `validate:"omitempty,alphanum,max=50"` // empty = [WebhookID]
	// Merchant receives the money. Empty = [MerchantID].
	Merchant string `validate:"omitempty,alphanum,len=13"`
	// Partners are further accounts whose payments this app may take.
	Partners []string `validate:"dive,alphanum,len=13"`
	Switches Switches
}

func (c Config) withDefaults() Config {
	if err := validator.New(validator.WithRequiredStructEnabled()).Struct(c); err != nil {
		panic(fmt.Sprintf("paypaltest: config: %v", err))
	}
	for field, value := range map[*string]string{&c.ClientID: ClientID, &c.Secret: Secret, &c.WebhookID: WebhookID, &c.Merchant: MerchantID} {
		if *field == "" {
			*field = value
		}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Switches change how the server behaves until they are changed back with
// [Server.Switch]. The zero value is what PayPal documents.
type Switches struct {
	// Latency delays every answer. What the request did is done before, and
	// its PayPal-Request-Id is in flight until the answer leaves.
	Latency time.Duration
	// LateBy is when a request spoilt with [LateCommit] takes effect. 0 = 10
	// seconds.
	LateBy time.Duration
	// RetryAfter is the header of [Throttle], verbatim. Empty = none.
	RetryAfter string
	// TokenLife is how long an access token lasts. 0 = 9 hours.
	TokenLife time.Duration
	// OrderLife is how long an order waits for its approval, and then for its
	// capture. 0 = 3 hours.
	OrderLife time.Duration

	// RefuseChangedBody refuses a known PayPal-Request-Id that comes with
	// another path or body, with 422 DUPLICATE_REQUEST_ID. Off: it is a replay
	// of the first. PayPal documents neither.
	RefuseChangedBody bool
	// KeepRefusals answers a PayPal-Request-Id that was refused (422) with the
	// same refusal until it is forgotten. PayPal does not document it.
	KeepRefusals bool
	// BlockDuplicateInvoices is the account's setting "block accidental
	// payments": an invoice id is paid once.
	BlockDuplicateInvoices bool
	// TalkativeMinimal shows purchase units and payments in minimal answers
	// of orders as well.
	TalkativeMinimal bool
	// ExpiredStay shows expired orders as they were; off, they are 404.
	ExpiredStay bool
	// OAuthErrors gives refused access tokens the shape of OAuth errors.
	OAuthErrors bool

	// Funding pays whatever was approved without saying how.
	Funding Funding
	// PendingRefunds leaves refunds PENDING until [Server.CompleteRefund] or
	// [Server.FailRefund].
	PendingRefunds bool
	// NotHonoured refuses to capture authorizations older than 3 days.
	NotHonoured bool
	// NoVault refuses to save payment sources.
	NoVault bool
}

// Switch changes the switches in one step, atomically. change must not use the
// server.
func (s *Server) Switch(change func(*Switches)) {
	s.enter()
	defer s.mu.Unlock()
	change(&s.sw)
}

// or returns value, or otherwise if it is empty.
func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
