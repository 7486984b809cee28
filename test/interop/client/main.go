// Calls peers as btcd does, with btcd's own package (https://pkg.go.dev/github.com/btcsuite/btcd/peer).
//
// Arguments are addresses. For each, one line of JSON says what the peer introduced itself as, what
// it said until its verack, and whether it answered a ping; or what kept the handshake from ending.
package main

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"time"

	"github.com/btcsuite/btcd/chaincfg/v2"
	"github.com/btcsuite/btcd/peer"
	"github.com/btcsuite/btcd/wire/v2"
)

const (
	patience = 10 * time.Second
	nonce    = 0x0123456789abcdef
)

// heard is what came of calling one peer.
type heard struct {
	Address     string `json:"address"`
	Error       string `json:"error,omitempty"`
	Version     int32  `json:"version"`
	Negotiated  uint32 `json:"negotiated"`
	Services    uint64 `json:"services"`
	UserAgent   string `json:"userAgent"`
	StartHeight int32  `json:"startHeight"`
	Relay       bool   `json:"relay"`
	Timestamp   int64  `json:"timestamp"`
	WantsAddrV2 bool   `json:"wantsAddrV2"`
	Pong        bool   `json:"pong"`
}

func main() {
	lines := json.NewEncoder(os.Stdout)
	for _, address := range os.Args[1:] {
		if err := lines.Encode(call(address)); err != nil {
			os.Exit(1)
		}
	}
}

// call introduces us, waits until the handshake is over, and asks for a pong.
func call(address string) heard {
	told := heard{Address: address}
	verack, pong := make(chan struct{}, 1), make(chan uint64, 1)
	config := configuration()
	config.Listeners = peer.MessageListeners{
		OnVersion: func(_ *peer.Peer, msg *wire.MsgVersion) *wire.MsgReject {
			told.introducedAs(msg)
			return nil
		},
		OnVerAck: func(*peer.Peer, *wire.MsgVerAck) { verack <- struct{}{} },
		OnPong:   func(_ *peer.Peer, msg *wire.MsgPong) { pong <- msg.Nonce },
	}
	remote, err := connect(config, address)
	if err != nil {
		told.Error = err.Error()
		return told
	}
	err = converse(remote, verack, pong)
	told.Negotiated, told.WantsAddrV2 = remote.ProtocolVersion(), remote.WantsAddrV2()
	remote.Disconnect()
	remote.WaitForDisconnect()
	if err != nil {
		told.Error = err.Error()
	}
	told.Pong = err == nil
	return told
}

func configuration() *peer.Config {
	return &peer.Config{
		UserAgentName:    "interop",
		UserAgentVersion: "1.0.0",
		ChainParams:      &chaincfg.MainNetParams,
		TrickleInterval:  10 * time.Second,
	}
}

func connect(config *peer.Config, address string) (*peer.Peer, error) {
	remote, err := peer.NewOutboundPeer(config, address)
	if err != nil {
		return nil, err
	}
	connection, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, err
	}
	remote.AssociateConnection(connection)
	return remote, nil
}

// converse waits for the end of the handshake, and then for the answer to a ping.
func converse(remote *peer.Peer, verack <-chan struct{}, pong <-chan uint64) error {
	select {
	case <-verack:
	case <-remote.Done():
		return errors.New("the handshake was broken off")
	case <-time.After(patience):
		return errors.New("no verack in time")
	}
	remote.QueueMessage(wire.NewMsgPing(nonce), nil)
	select {
	case answer := <-pong:
		if answer != nonce {
			return errors.New("a pong with another nonce")
		}
		return nil
	case <-remote.Done():
		return errors.New("the peer hung up on a ping")
	case <-time.After(patience):
		return errors.New("no pong in time")
	}
}

func (told *heard) introducedAs(msg *wire.MsgVersion) {
	told.Version = msg.ProtocolVersion
	told.Services = uint64(msg.Services)
	told.UserAgent = msg.UserAgent
	told.StartHeight = msg.LastBlock
	told.Relay = !msg.DisableRelayTx
	told.Timestamp = msg.Timestamp.Unix()
}
