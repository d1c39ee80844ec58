using System.Text.RegularExpressions;

namespace IncidentActors.Server.Runbooks;

/// <summary>Hides secrets in what programs and receivers say: the values of variables that hold some, and text that looks like this server's secrets.</summary>
internal sealed partial class SecretMask
{
    private const string Hidden = "***";

    /// <summary>A shorter value would hide harmless words.</summary>
    private const int MinLength = 8;

    private readonly string[] values;

    /// <param name="more">Secrets that are in no variable.</param>
    public SecretMask(params IEnumerable<string> more)
    {
        var variables = Environment.GetEnvironmentVariables();
        values =
        [
            .. variables.Keys.Cast<string>().Where(name => SecretName().IsMatch(name)).Select(name => (string)variables[name]!)
                .Concat(more)
                .Where(value => value.Length >= MinLength)
                .OrderByDescending(value => value.Length),
        ];
    }

    public string Of(string text)
    {
        foreach (var value in values) text = text.Replace(value, Hidden, StringComparison.Ordinal);
        return OwnSecret().Replace(text, Hidden);
    }

    [GeneratedRegex("TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY|^INCIDENT_JOURNAL$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex("ia_[a-z2-9]{10}_[0-9a-f]{64}|whsec_[A-Za-z0-9+/=]{24,}")]
    private static partial Regex OwnSecret();
}
