/** Numbers and times as a terminal shows them: short, plain, in no language's own way. */
import { Decimal } from '@tideway/schemas'

/** `1 234 567`: groups of three, by a space that every country reads. */
export function grouped(number: number | string): string {
  const [whole = '', fraction] = String(number).split('.')
  const text = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ' ')
  return fraction === undefined ? text : `${text}.${fraction}`
}

/** A rate: whole from 10 on, one decimal below. */
export function rate(perSecond: number): string {
  return perSecond < 10 && perSecond > 0 ? perSecond.toFixed(1) : grouped(Math.round(perSecond))
}

/** Money with two decimals; rounded for the eye only. */
export function money(amount: string): string {
  return amount === '' ? '-' : grouped(new Decimal(amount).toFixed(2))
}

/** With a sign, zero without one. */
export function signedMoney(amount: Decimal): string {
  const rounded = amount.toDecimalPlaces(2)
  if (rounded.isZero()) return '0.00'
  const text = grouped(rounded.toFixed(2))
  return rounded.gt(0) ? `+${text}` : text
}

/** A quantity without the zeros behind its last digit, at most `digits` significant ones. */
export function quantity(amount: string, digits = 6): string {
  return new Decimal(amount).toSignificantDigits(digits).toFixed()
}

export function megabytes(bytes: number): string {
  return `${grouped(Math.round(bytes / 1e6))} MB`
}

/** `1:02:03`, of seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (number: number) => String(number).padStart(2, '0')
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
}

/** `2026-01-31T12:00:00.123456Z`, of UTC microseconds. */
export function instant(micros: number): string {
  const millis = new Date(Math.floor(micros / 1000)).toISOString()
  return `${millis.slice(0, -1)}${String(micros % 1000).padStart(3, '0')}Z`
}

/** `12:00:00`, of UTC microseconds. */
export function clockTime(micros: number): string {
  return instant(micros).slice(11, 19)
}

export function plural(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`
}
