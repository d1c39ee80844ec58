using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace IncidentActors.Server.Tests.Deploy;

/// <summary>One node of a YAML document.</summary>
internal sealed class Yaml(YamlNode node)
{
    public IEnumerable<Yaml> Items => ((YamlSequenceNode)node).Select(item => new Yaml(item));

    public IEnumerable<KeyValuePair<string, Yaml>> Fields =>
        ((YamlMappingNode)node).Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, new Yaml(pair.Value)));

    /// <summary>Null: there is no such field.</summary>
    public Yaml this[string name] => Fields.FirstOrDefault(pair => pair.Key == name).Value;

    public static explicit operator string(Yaml yaml) => yaml.Text;
    public static explicit operator int(Yaml yaml) => int.Parse(yaml.Text, CultureInfo.InvariantCulture);
    public static explicit operator bool(Yaml yaml) => bool.Parse(yaml.Text);

    private string Text => ((YamlScalarNode)node).Value!;

    /// <exception cref="YamlDotNet.Core.YamlException">The text is not YAML.</exception>
    public static IReadOnlyList<Yaml> Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => new Yaml(document.RootNode))];
    }
}
