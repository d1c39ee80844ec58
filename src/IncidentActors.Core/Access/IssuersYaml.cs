using IncidentActors.Core.Agents;
using IncidentActors.Core.Yaml;

namespace IncidentActors.Core.Access;

/// <summary>Reads a file of issuers (<c>--issuers</c>).</summary>
public static class IssuersYaml
{
    private static readonly string[] Keys = ["issuers"];
    private static readonly string[] IssuerKeys = ["issuer", "audiences", "handleClaim", "clientId", "grants"];
    private static readonly string[] GrantKeys = ["claim", "value", "roles", "handle", "team", "readOnly"];

    /// <exception cref="FormatException">Every problem with file, line and key, and what would be right.</exception>
    public static IssuerSet Parse(string yaml, string file) => YamlFile.Read(yaml, file, "issuers", "a file of issuers", "issuers", Keys, Read);

    private static IssuerSet Read(YamlFields fields, YamlFindings findings)
    {
        var issuers = fields.RequiredMaps("issuers", "an issuer", IssuerKeys, issuer =>
        {
            var url = issuer.Text("issuer");
            if (!IsSafe(url)) issuer.Wrong("issuer", $"'{url}' is not an address by https; only an issuer on loopback may be reached by http");
            var audiences = issuer.OneOrMore("audiences");
            if (audiences.IsEmpty) issuer.Wrong("audiences", "it names the audience of tokens for this server");
            return new Issuer(
                url,
                audiences,
                issuer.RequiredMaps("grants", "a grant", GrantKeys, grant => new ClaimGrant(
                    grant.Text("claim"), grant.Text("value"), grant.OneOrMore("roles"), OfHandle(grant), grant.TextOrNull("team"), grant.Flag("readOnly"))),
                issuer.TextOrNull("handleClaim") ?? "preferred_username",
                issuer.TextOrNull("clientId"));
        });
        foreach (var twice in issuers.GroupBy(issuer => issuer.Url).Where(same => same.Count() > 1))
            fields.Wrong("issuers", $"the issuer '{twice.Key}' is listed twice; list it once");
        if (issuers.Count(issuer => issuer.ClientId is not null) > 1) fields.Wrong("issuers", "one issuer has a `clientId`: people sign in with that one");
        return new IssuerSet(issuers);
    }

    private static bool IsSafe(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == "https" || (address.Scheme == "http" && address.IsLoopback));

    private static string? OfHandle(YamlFields grant)
    {
        if (grant.TextOrNull("handle") is not { } text) return null;
        var handle = Handle.Normalize(text);
        if (Handle.IsReserved(handle) || !Handle.IsWellFormed(handle)) grant.Wrong("handle", $"'{text}' is not a handle; one looks like '@dev'");
        return handle;
    }
}
