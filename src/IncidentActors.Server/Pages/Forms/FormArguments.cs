using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;
using Microsoft.AspNetCore.WebUtilities;

namespace IncidentActors.Server.Pages.Forms;

/// <summary>Fields of a form as a tool's arguments: empty ones are left out, lists and truths become what the tool's argument is, and
/// <c>values.host</c> is the entry <c>host</c> of the argument <c>values</c>. A button
/// named <c>_also</c> gives several: <c>decision=approve&amp;option=deploy</c>.</summary>
internal static class FormArguments
{
    public static JsonElement Of(IFormCollection form, Tool tool)
    {
        var types = tool.Arguments.Properties.ToDictionary(property => property.Name, property => property.PropertyType);
        var arguments = new JsonObject();
        foreach (var (name, values) in form.Concat(QueryHelpers.ParseQuery(form["_also"].ToString())))
        {
            if (name.Length == 0 || name[0] == '_') continue;
            var given = values.Where(value => !string.IsNullOrWhiteSpace(value)).Select(value => value!.ReplaceLineEndings("\n")).ToArray();
            if (given.Length == 0) continue;
            if (name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
                (arguments[name[..dot]] ??= new JsonObject())[name[(dot + 1)..]] = given[0];
            else arguments[name] = Value(given, types.GetValueOrDefault(name));
        }

        return ServerJson.Element(arguments);
    }

    private static JsonNode Value(string[] given, Type? type)
    {
        if (type == typeof(string[])) return new JsonArray([.. given.Select(value => (JsonNode)value)]);
        return type == typeof(bool?) ? given[0] is "true" or "on" : given[0];
    }
}
