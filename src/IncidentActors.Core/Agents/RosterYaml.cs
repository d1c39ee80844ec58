using IncidentActors.Core.Incidents;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace IncidentActors.Core.Agents;

/// <summary>Reads a roster file; the shipped one is embedded.</summary>
public static class RosterYaml
{
    /// <exception cref="FormatException">Names the file and the line, and says what would be right.</exception>
    public static Roster Parse(string yaml, string file)
    {
        var reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        try
        {
            var read = reader.Deserialize<RosterFile>(yaml) ?? new RosterFile();
            return new Roster([.. read.Members.Select(member => Member(member, file))], [.. read.Duties.Select(duty => Duty(duty, file))]);
        }
        catch (YamlException error)
        {
            throw new FormatException($"{file}:{error.Start.Line}: {error.InnerException?.Message ?? error.Message}", error);
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"{file}: a handle is listed twice; each member stands there once.", error);
        }
    }

    public static Roster Shipped()
    {
        using var stream = typeof(RosterYaml).Assembly.GetManifestResourceStream("IncidentActors.Core.Agents.roster.yaml")
            ?? throw new InvalidOperationException("the shipped roster is not embedded");
        using var text = new StreamReader(stream);
        return Parse(text.ReadToEnd(), "roster.yaml");
    }

    private static RosterMember Member(MemberEntry entry, string file) =>
        new(WellFormed(entry.Handle, file), entry.Title, [.. entry.Roles], entry.Team, entry.Contact);

    private static RosterDuty Duty(DutyEntry entry, string file)
    {
        if (!IncidentCategories.TryParse(entry.Category, out var category))
            throw new FormatException($"{file}: '{entry.Category}' is not a category; there are {IncidentCategories.Accepted}.");
        return new RosterDuty(
            category,
            [.. entry.FirstResponders.Select(handle => WellFormed(handle, file))],
            [.. entry.Escalation.Select(handle => WellFormed(handle, file))],
            entry.Immediately);
    }

    private static string WellFormed(string text, string file)
    {
        var handle = Handle.Normalize(text);
        if (Handle.IsReserved(handle)) throw new FormatException($"{file}: '{handle}' is reserved for the system; choose another handle.");
        return Handle.IsWellFormed(handle) ? handle : throw new FormatException($"{file}: '{text}' is not a handle; one looks like '@dev'.");
    }

    private sealed class RosterFile
    {
        public List<MemberEntry> Members { get; set; } = [];
        public List<DutyEntry> Duties { get; set; } = [];
    }

    private sealed class MemberEntry
    {
        public string Handle { get; set; } = "";
        public string? Title { get; set; }
        public List<string> Roles { get; set; } = [];
        public string? Team { get; set; }
        public string? Contact { get; set; }
    }

    private sealed class DutyEntry
    {
        public string Category { get; set; } = "";
        public List<string> FirstResponders { get; set; } = [];
        public List<string> Escalation { get; set; } = [];
        public bool Immediately { get; set; }
    }
}
