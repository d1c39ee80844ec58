using IncidentActors.Core.Flows;
using IncidentActors.Core.Yaml;

namespace IncidentActors.Core.Messages;

/// <summary>Reads the file of message types and priorities, which is embedded.</summary>
public static class MessagesYaml
{
    private static readonly string[] FileKeys = ["types", "priorities"];
    private static readonly string[] TypeKeys = ["name", "means", "answer", "owns", "orders", "works", "also"];
    private static readonly string[] PriorityKeys = ["name", "acknowledge", "act", "also"];

    /// <exception cref="FormatException">Every problem, one a line: file, line, column, rule, reason.</exception>
    public static MessageVocabulary Parse(string yaml, string file) => YamlFile.Read(yaml, file, "messages", "a file of messages", "types", FileKeys, Words);

    internal static MessageVocabulary Shipped()
    {
        using var stream = typeof(MessagesYaml).Assembly.GetManifestResourceStream("IncidentActors.Core.Messages.messages.yaml")
            ?? throw new InvalidOperationException("the shipped messages are not embedded");
        using var text = new StreamReader(stream);
        return Parse(text.ReadToEnd(), "messages.yaml");
    }

    private static MessageVocabulary Words(YamlFields file, YamlFindings findings)
    {
        var types = file.RequiredMaps("types", "a type", TypeKeys, type => new MessageMeaning(
            Name<MessageType>(type), type.Text("means"), type.Flag("answer"), type.Flag("owns"), type.Flag("orders"), type.Flag("works"), type.Texts("also")));
        var priorities = file.RequiredMaps("priorities", "a priority", PriorityKeys, step => new PriorityMeaning(
            Name<Priority>(step), step.RequiredDuration("acknowledge"), step.RequiredDuration("act"), step.Texts("also")));
        Complete(file, "types", types.Select(type => type.Type), types.SelectMany(type => type.Also.Prepend(type.Type.ToString())));
        Complete(file, "priorities", priorities.Select(step => step.Priority), priorities.SelectMany(step => step.Also));
        return new MessageVocabulary(types, priorities);
    }

    private static T Name<T>(YamlFields fields)
        where T : struct, Enum
    {
        var name = fields.Text("name");
        if (Enum.TryParse<T>(name, out var value) && Enum.IsDefined(value)) return value;
        fields.Wrong("name", $"`{name}` is not one of {string.Join(", ", Enum.GetNames<T>())}");
        return default;
    }

    /// <summary>Each value is there once, and no word names two of them.</summary>
    private static void Complete<T>(YamlFields file, string key, IEnumerable<T> given, IEnumerable<string> words)
        where T : struct, Enum
    {
        var values = given.ToList();
        foreach (var value in Enum.GetValues<T>().Where(value => values.Count(other => other.Equals(value)) != 1))
            file.Wrong(key, $"`{value}` must be listed exactly once");
        foreach (var same in words.CountBy(FlowKeywords.Letters).Where(same => same.Value > 1))
            file.Wrong(key, $"`{same.Key}` names two of them");
    }
}
