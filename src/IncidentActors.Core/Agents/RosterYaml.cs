using System.Globalization;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Yaml;

namespace IncidentActors.Core.Agents;

/// <summary>Reads a roster file; the shipped one is embedded.</summary>
public static class RosterYaml
{
    private static readonly string[] Keys = ["members", "duties", "delegations"];
    private static readonly string[] MemberKeys = ["handle", "title", "roles", "team", "contact", "person", "of"];
    private static readonly string[] DelegationKeys = ["from", "to", "role", "since", "until"];
    private static readonly string[] DutyKeys = ["category", "firstResponders", "escalation", "immediately"];

    /// <exception cref="FormatException">Every problem with file, line and key, and what would be right.</exception>
    public static Roster Parse(string yaml, string file) => YamlFile.Read(yaml, file, "roster", "a roster", "members", Keys, Read);

    public static Roster Shipped()
    {
        using var stream = typeof(RosterYaml).Assembly.GetManifestResourceStream("IncidentActors.Core.Agents.roster.yaml")
            ?? throw new InvalidOperationException("the shipped roster is not embedded");
        using var text = new StreamReader(stream);
        return Parse(text.ReadToEnd(), "roster.yaml");
    }

    private static Roster Read(YamlFields fields, YamlFindings findings)
    {
        var handles = new HashSet<string>();
        var members = fields.Maps("members", "a member", MemberKeys, member =>
        {
            var handle = WellFormed(member.Text("handle"), member.At, findings);
            if (!handles.Add(handle) && handle.Length > 0)
                findings.Shape(member.At, YamlRules.KeyDuplicate, $"the handle {handle} is listed twice; list each member once");
            return new RosterMember(handle, member.TextOrNull("title"), member.Texts("roles"), member.TextOrNull("team"), member.TextOrNull("contact"),
                member.Flag("person"), member.TextOrNull("of") is { } of ? WellFormed(of, member.At, findings) : null);
        });
        var duties = fields.Maps("duties", "a duty", DutyKeys, duty => new RosterDuty(
            duty.RequiredWord("category", IncidentCategory.Availability, IncidentCategories.Words),
            [.. duty.Texts("firstResponders").Select(handle => Member(handle, duty.At))],
            [.. duty.Texts("escalation").Select(handle => Member(handle, duty.At))],
            duty.Flag("immediately")));
        var roster = new Roster([.. members.DistinctBy(member => member.Handle)], duties);
        return roster with { Delegations = fields.Maps("delegations", "a delegation", DelegationKeys, one => Delegation(one, roster)) };

        string Member(string text, FlowPosition at, string who = "duty")
        {
            var handle = WellFormed(text, at, findings);
            if (Handle.IsWellFormed(handle) && !handles.Contains(handle))
                findings.Shape(at, YamlRules.ValueUnknown, $"the {who} names {handle}, who is not a member; members are {string.Join(", ", handles)}");
            return handle;
        }

        Delegation Delegation(YamlFields one, Roster roster)
        {
            var (from, to) = (Member(one.Text("from"), one.At, "delegation"), Member(one.Text("to"), one.At, "delegation"));
            var (since, until) = (Time(one, "since") ?? DateTimeOffset.MinValue, Time(one, "until", required: true) ?? DateTimeOffset.MaxValue);
            var role = one.Text("role");
            if (roster.Find(from) is { } member && role.Length > 0 && !member.Roles.Contains(role))
                one.Wrong("role", $"{from} has the roles {string.Join(", ", member.Roles)}, and can delegate no other");
            if (to.Length > 0 && roster.IsSamePerson(to, from)) one.Wrong("to", $"{from} and {to} are one person; delegate to another one");
            if (since >= until) one.Wrong("until", "the delegation ends before it begins");
            return new Delegation(from, to, role, since, until);
        }
    }

    /// <summary>A time in UTC, or null if the key is absent.</summary>
    private static DateTimeOffset? Time(YamlFields fields, string key, bool required = false)
    {
        if ((required ? fields.Text(key) : fields.TextOrNull(key)) is not { Length: > 0 } text) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return time;
        fields.Wrong(key, $"`{text}` is not a time; write 2026-12-31T18:00Z");
        return null;
    }

    private static string WellFormed(string text, FlowPosition at, YamlFindings findings)
    {
        if (text.Length == 0) return "";
        var handle = Handle.Normalize(text);
        if (Handle.IsReserved(handle)) findings.Shape(at, YamlRules.ValueUnknown, $"'{handle}' is reserved for the system; choose another handle");
        else if (!Handle.IsWellFormed(handle)) findings.Shape(at, YamlRules.ValueUnknown, $"'{text}' is not a handle; one looks like '@dev'");
        return handle;
    }
}
