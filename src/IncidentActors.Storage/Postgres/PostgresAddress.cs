using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace IncidentActors.Storage.Postgres;

/// <summary>
/// Reads where a PostgreSQL database is: Npgsql's keywords (<c>Host=db;Database=incidents</c>) or a URL
/// (<c>postgres://user:password@host:5432/incidents?sslmode=require</c>). What is malformed is named by its place or its keyword,
/// never by its text: any part of a malformed string may be the password.
/// </summary>
public static class PostgresAddress
{
    private const string Expected = "Expected \"Host=localhost;Database=incidents;Username=me\" or \"postgres://me:password@localhost:5432/incidents\".";

    /// <summary>libpq's parameters that Npgsql names otherwise.</summary>
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["user"] = "Username",
        ["dbname"] = "Database",
        ["sslmode"] = "SSL Mode",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslrootcert"] = "Root Certificate",
        ["sslnegotiation"] = "SSL Negotiation",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["client_encoding"] = "Client Encoding",
        ["channel_binding"] = "Channel Binding",
        ["gssencmode"] = "GSS Encryption Mode",
        ["target_session_attrs"] = "Target Session Attributes",
    };

    /// <summary>The same address in Npgsql's keywords.</summary>
    /// <exception cref="ArgumentException">It cannot be read. The message holds nothing of the text.</exception>
    public static string Parse(string text)
    {
        var settings = new NpgsqlConnectionStringBuilder();
        foreach (var (keyword, value, place) in IsUrl(text) ? OfUrl(text) : OfKeywords(text)) Set(settings, keyword, value, place);
        return settings.Host is null ? throw Malformed("No host is named.") : settings.ConnectionString;
    }

    private static bool IsUrl(string text) =>
        text.TrimStart().StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
        || text.TrimStart().StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(string Keyword, string Value, string Place)> OfKeywords(string text)
    {
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw Malformed("A part is not 'keyword=value'. Quote a value with ';' or '='.");
        }

        return parts.Keys.Cast<string>().Select((keyword, index) => (keyword, (string)parts[keyword], $"part {index + 1}"));
    }

    private static List<(string Keyword, string Value, string Place)> OfUrl(string text)
    {
        var rest = text.Trim();
        rest = rest[(rest.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var query = "";
        var found = new List<(string, string, string)>();
        if (rest.IndexOf('?') is >= 0 and var mark) (rest, query) = (rest[..mark], rest[(mark + 1)..]);
        var slash = rest.IndexOf('/');
        var (authority, database) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        if (database.AsSpan().IndexOfAny('@', '/', ':') >= 0)
            throw Malformed("The URL has an unescaped '/' or '@': write %2F or %40 in a user, password or name.");
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var user = authority[..at];
            var colon = user.IndexOf(':');
            found.Add(("Username", Decode(colon < 0 ? user : user[..colon]), "the user"));
            if (colon >= 0) found.Add(("Password", Decode(user[(colon + 1)..]), "the password"));
        }

        Hosts(authority[(at + 1)..], found);
        if (database.Length > 0) found.Add(("Database", Decode(database), "the database"));
        var number = 0;
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            number++;
            var equals = parameter.IndexOf('=');
            if (equals < 1) throw Malformed($"Parameter {number} of the URL is not a 'name=value'.");
            var name = Decode(parameter[..equals]);
            found.Add((Keywords.GetValueOrDefault(name, name), Decode(parameter[(equals + 1)..]), $"parameter {number} of the URL"));
        }

        return found;
    }

    /// <summary>One host, or several as Npgsql takes them: <c>a:5432,b:5433</c>.</summary>
    private static void Hosts(string text, List<(string, string, string)> found)
    {
        if (text.Length == 0) return;
        foreach (var host in text.Split(','))
        {
            var port = host.LastIndexOf(':') is var colon && colon > host.LastIndexOf(']') ? host[(colon + 1)..] : "";
            if (port.Length > 0 && !(ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
                throw Malformed("The port of the URL is not a number from 1 to 65535. In a user or password, ':' '/' '@' '?' are written %3A %2F %40 %3F.");
        }

        if (text.Contains(',', StringComparison.Ordinal))
        {
            found.Add(("Host", Decode(text), "the host"));
            return;
        }

        var end = text.LastIndexOf(':');
        if (end <= text.LastIndexOf(']')) end = text.Length;
        found.Add(("Host", Decode(text[..end]).Trim('[', ']'), "the host"));
        if (end + 1 < text.Length) found.Add(("Port", text[(end + 1)..], "the port"));
    }

    private static void Set(NpgsqlConnectionStringBuilder settings, string keyword, string value, string place)
    {
        var known = settings.ContainsKey(keyword);
        if (!known) throw Malformed($"The keyword of {place} is unknown.");
        try
        {
            settings[keyword] = Normal(keyword, value);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw Malformed($"The value of {keyword} is not one that it may have.");
        }
    }

    /// <summary>libpq writes <c>verify-full</c>, Npgsql <c>VerifyFull</c>.</summary>
    private static string Normal(string keyword, string value) =>
        keyword.Equals("SSL Mode", StringComparison.OrdinalIgnoreCase) || keyword.Equals("Target Session Attributes", StringComparison.OrdinalIgnoreCase)
            ? value.Replace("verify-", "Verify", StringComparison.OrdinalIgnoreCase)
            : value;

    private static string Decode(string text) => Uri.UnescapeDataString(text);

    private static ArgumentException Malformed(string sentence) => new($"{sentence} {Expected}");
}
