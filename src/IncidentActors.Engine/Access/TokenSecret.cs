using System.Security.Cryptography;
using System.Text;

namespace IncidentActors.Engine.Access;

/// <summary>Secrets: <c>ia_ID_SECRET</c> with 256 random bits for agents, a routing key of 32 characters for PagerDuty's senders; the first
/// token's may be anything.</summary>
public static class TokenSecret
{
    /// <summary>Id of the token whose secret is given in an environment variable. No other token id is this short.</summary>
    public const string FirstId = "first";

    private const string Prefix = "ia_";
    public const string Alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
    public const int IdLength = 10;
    private const int RoutingKeyLength = 32;
    private const int SecretBytes = 32;

    public static string NewId() => RandomNumberGenerator.GetString(Alphabet, IdLength);

    public static string New(string id) => $"{Prefix}{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes))}";

    public static string NewRoutingKey(string id) => id + RandomNumberGenerator.GetString(Alphabet, RoutingKeyLength - IdLength);

    /// <summary>The token id inside a secret; null if the text has neither form. The secret of the first token may have any form.</summary>
    public static string? IdOf(string secret)
    {
        if (secret.Length == RoutingKeyLength && secret.All(Alphabet.Contains)) return secret[..IdLength];
        return secret.StartsWith(Prefix, StringComparison.Ordinal) && secret.Length == Prefix.Length + IdLength + 1 + (SecretBytes * 2)
            && secret[Prefix.Length + IdLength] == '_' && secret.AsSpan(Prefix.Length, IdLength).IndexOfAnyExcept(Alphabet) < 0
            ? secret.Substring(Prefix.Length, IdLength)
            : null;
    }

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Compares in constant time.</summary>
    public static bool Matches(string secret, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(hash));
}
