using IncidentActors.Core.Flows;
using YamlDotNet.Core;

namespace IncidentActors.Core.Yaml;

/// <summary>Reads a file of settings: all problems at once, each with file, line, key and what is possible.</summary>
internal static class YamlFile
{
    /// <summary>What the reader makes of the file's map.</summary>
    /// <param name="what">What the file is, with its article, for sentences: <c>a roster</c>.</param>
    /// <param name="first">The key that it begins with.</param>
    /// <exception cref="FormatException">Every problem, one a line.</exception>
    public static T Read<T>(string text, string file, string area, string what, string first, string[] keys, Func<YamlFields, YamlFindings, T> read)
        where T : class
    {
        var findings = new YamlFindings(file, area);
        var value = Read(text, what, first, keys, findings, fields => read(fields, findings));
        return findings.Problems.IsEmpty && value is not null ? value : throw new FormatException(string.Join(Environment.NewLine, findings.Problems));
    }

    /// <summary>The reader's result for the text's map; null if the text has no map. Problems are in the findings.</summary>
    public static T? Read<T>(string text, string what, string first, string[] keys, YamlFindings findings, Func<YamlFields, T> read)
        where T : class
    {
        try
        {
            if (YamlTree.Read(text) is YamlMap root) return read(new YamlFields(root, "", what, keys, findings));
            findings.Shape(new FlowPosition(1, 1), YamlRules.ValueType, $"{what} is a map that begins with the key `{first}`");
        }
        catch (YamlException error)
        {
            findings.Shape(new FlowPosition((int)error.Start.Line, (int)error.Start.Column), YamlRules.Syntax, Sentence(error, what));
        }

        return null;
    }

    /// <summary>The parser's own words, without the positions that the problem carries already.</summary>
    private static string Sentence(YamlException error, string what)
    {
        var reason = error.Message.Trim();
        return $"this is not YAML that {what} can be read from: {char.ToLowerInvariant(reason[0])}{reason[1..].TrimEnd('.')}";
    }
}
