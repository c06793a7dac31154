//go:build !profile

package main

func startProfile() func() { return func() {} }
