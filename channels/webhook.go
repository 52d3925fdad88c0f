package channels

import (
	"net/http"

	"github.com/openmip/openmip/mip"
)

// Webhook is a channel that can read what its platform pushes.
type Webhook interface {
	// Webhook verifies a delivery and says which orders it is about. It makes
	// no request and is safe for concurrent use.
	//
	// body is exactly what was received, since that is what the platform
	// signed; signatures are compared in constant time. A wrong or missing
	// one is [mip.ErrUnauthorized]. A ping, a topic that is not about orders
	// and one that nobody knows are deliveries without Refs, not errors.
	Webhook(h http.Header, body []byte) (mip.Delivery, error)
}
