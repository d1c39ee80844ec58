using System.Collections.Immutable;
using IncidentActors.Core.Flows;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace IncidentActors.Core.Yaml;

internal abstract record YamlPart(FlowPosition At);

internal sealed record YamlText(string Value, bool Quoted, FlowPosition At) : YamlPart(At);

internal sealed record YamlList(ImmutableArray<YamlPart> Items, FlowPosition At) : YamlPart(At);

internal sealed record YamlMap(ImmutableArray<(YamlText Key, YamlPart Value)> Entries, FlowPosition At) : YamlPart(At);

/// <summary>Reads the one document of a text into parts that know their place. Keys may repeat; the reader of the map says so.
/// Anchors are refused and nesting is bounded, so no text can make the tree larger or deeper than itself.</summary>
internal static class YamlTree
{
    private const int DeepestNesting = 16;
    private const int MaxText = 1024 * 1024;

    /// <exception cref="YamlException">The text is not one YAML document; position and reason are in it.</exception>
    public static YamlPart Read(string text)
    {
        if (text.Length > MaxText) throw new SemanticErrorException(Mark.Empty, Mark.Empty, $"the text has more than {MaxText} characters");
        var parser = new Parser(new StringReader(text));
        try
        {
            return Root(parser);
        }
        catch (Exception exception) when (exception is not YamlException)
        {
            // On some damaged text the scanner itself fails (InvalidOperationException, ArgumentException) instead of saying what is wrong.
            var at = parser.Current?.End ?? Mark.Empty;
            throw new SemanticErrorException(at, at, "the text ends too early, or a value contains a character that is special in YAML; quote it");
        }
    }

    private static YamlPart Root(Parser parser)
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out var end))
            throw new SemanticErrorException(end.Start, end.End, "the text is empty; it must be one YAML document");
        parser.Consume<DocumentStart>();
        var root = Part(parser, 0);
        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out _))
            throw new SemanticErrorException(parser.Current!.Start, parser.Current.End, "a file holds one document; put the second into its own file");
        return root;
    }

    private static YamlPart Part(Parser parser, int depth)
    {
        var start = parser.Current!;
        if (depth > DeepestNesting)
            throw new SemanticErrorException(start.Start, start.End, $"nested deeper than {DeepestNesting} levels, which is the maximum");
        if (start is AnchorAlias || start is NodeEvent { Anchor.IsEmpty: false })
            throw new SemanticErrorException(start.Start, start.End, "anchors and aliases are not read; write the value out");
        return start switch
        {
            Scalar => Text(parser),
            SequenceStart => List(parser, depth),
            _ => Map(parser, depth),
        };
    }

    private static YamlText Text(Parser parser)
    {
        var scalar = parser.Consume<Scalar>();
        return new YamlText(scalar.Value, scalar.Style != ScalarStyle.Plain, Position(scalar));
    }

    private static YamlList List(Parser parser, int depth)
    {
        var start = parser.Consume<SequenceStart>();
        var items = ImmutableArray.CreateBuilder<YamlPart>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Part(parser, depth + 1));

        return new YamlList(items.ToImmutable(), Position(start));
    }

    private static YamlMap Map(Parser parser, int depth)
    {
        var start = parser.Consume<MappingStart>();
        var entries = ImmutableArray.CreateBuilder<(YamlText, YamlPart)>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (Part(parser, depth + 1) is not YamlText key)
                throw new SemanticErrorException(parser.Current!.Start, parser.Current.End, "a key is a word, not a list or a map");
            entries.Add((key, Part(parser, depth + 1)));
        }

        return new YamlMap(entries.ToImmutable(), Position(start));
    }

    private static FlowPosition Position(ParsingEvent parsed) => new((int)parsed.Start.Line, (int)parsed.Start.Column);
}
