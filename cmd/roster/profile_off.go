//go:build !profile

package main

func profiled() func() { return func() {} }
