using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Server.Callers;

/// <summary>What was sent under an idempotency key, where more than one actor's command is made of it.</summary>
internal static class SentRequest
{
    /// <summary>The call with its key bound to the body that was sent to this path.</summary>
    public static Call With(this Call call, PathString path, JsonElement body) =>
        call.Key is null ? call : call with { Sent = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{path} {body.GetRawText()}"))) };

    /// <summary>The call with its key bound to the bytes with this digest that were sent to this path.</summary>
    public static Call With(this Call call, PathString path, string digest) =>
        call.Key is null ? call : call with { Sent = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{path} {digest}"))) };

    /// <summary>32 bytes that every repetition of the caller's key gives again, and no other key.</summary>
    public static byte[] NameOf(string handle, string key) => SHA256.HashData(Encoding.UTF8.GetBytes($"{handle} {key}"));

    /// <summary>An id out of an alphabet of 32 characters: the same for every repetition of the call's key. Null: the call has no key.</summary>
    public static string? IdOf(Call call, string alphabet, int length) => call.Key is not { } key
        ? null
        : string.Concat(NameOf(call.By, key).Take(length).Select(one => alphabet[one % alphabet.Length]));
}
