using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml.Linq;
using IncidentActors.Engine.Records;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace IncidentActors.Server.Tokens;

/// <summary>Keys of what a browser carries during a sign-in, in the journal's store: any node may answer the next request.</summary>
internal sealed class DataKeys(IRecords records) : IXmlRepository
{
    private const int MaxKeys = 1000;

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. records.ListAsync(RecordKinds.DataKey, "", null, MaxKeys, CancellationToken.None).GetAwaiter().GetResult()
            .Select(record => XElement.Parse(JsonSerializer.Deserialize(record.Document.Span, Strings.Default.String)!))];

    public void StoreElement(XElement element, string friendlyName) => records.WriteAsync(
        [new RecordWrite(
            RecordKinds.DataKey, friendlyName, 0,
            JsonSerializer.SerializeToUtf8Bytes(element.ToString(SaveOptions.DisableFormatting), Strings.Default.String))],
        CancellationToken.None).GetAwaiter().GetResult();
}

[JsonSerializable(typeof(string))]
internal sealed partial class Strings : JsonSerializerContext;
