using System.Security.Cryptography;
using System.Text;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Silo.Incidents;

/// <summary>The key of the grain that a declaration goes through: a hash of what identifies it.</summary>
internal static class DeclarationKey
{
    public static string Of(DeclareIncident declare, Call call) =>
        Hash(declare.DedupKey is { } key ? $"key:{key}" : OfAlerts(declare.Group, declare.Alerts.FirstOrDefault(), call));

    public static string Of(JoinAlerts join, Call call) => Hash(OfAlerts(join.Group, join.Alerts.FirstOrDefault(), call));

    /// <summary>Without a group or an alert the key is made from the call.</summary>
    private static string OfAlerts(string? group, AlertSeen? first, Call call) =>
        group is not null ? $"group:{group}"
        : first is not null ? $"alert:{first.Fingerprint}"
        : $"call:{call.By}:{call.Key ?? Guid.NewGuid().ToString("n")}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
