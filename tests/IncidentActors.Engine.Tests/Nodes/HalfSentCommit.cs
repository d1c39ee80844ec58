using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace IncidentActors.Engine.Tests.Nodes;

/// <summary>
/// A node that stands still after half of a commit has left it: the statements so far have run, their locks are held, and neither more
/// nor a Sync follows. Spoken in PostgreSQL's own protocol (version 3), because no driver stops there.
/// </summary>
internal sealed class HalfSentCommit : IDisposable
{
    private readonly TcpClient client;

    private HalfSentCommit(TcpClient client) => this.client = client;

    public static async Task<HalfSentCommit> SendAsync(string database, string firstStatement)
    {
        var target = new NpgsqlConnectionStringBuilder(database);
        var sent = new HalfSentCommit(new TcpClient());
        await sent.client.ConnectAsync(target.Host!, target.Port);
        await sent.WriteAsync(null, [0, 3, 0, 0, .. Text("user", target.Username!, "database", target.Database!, "application_name", "incident-actors"), 0]);
        await sent.UntilAsync((byte)'Z');
        await sent.WriteAsync('P', [.. Text("", firstStatement), 0, 0]);
        await sent.WriteAsync('B', [.. Text("", ""), 0, 0, 0, 0, 0, 0]);
        await sent.WriteAsync('E', [.. Text(""), 0, 0, 0, 0]);
        await sent.WriteAsync('H', []);
        await sent.UntilAsync((byte)'C');
        return sent;
    }

    /// <summary>Until the server has ended the session.</summary>
    public async Task UntilEndedAsync()
    {
        var buffer = new byte[1024];
        try
        {
            while (await client.GetStream().ReadAsync(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset instead of closed.
        }
    }

    private async Task WriteAsync(char? kind, byte[] body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length + 4);
        byte[] message = kind is { } letter ? [(byte)letter, .. length, .. body] : [.. length, .. body];
        await client.GetStream().WriteAsync(message);
    }

    /// <summary>Reads messages up to one of the given kind.</summary>
    private async Task UntilAsync(byte kind)
    {
        var head = new byte[5];
        do
        {
            await client.GetStream().ReadExactlyAsync(head);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await client.GetStream().ReadExactlyAsync(body);
            Assert.True(head[0] != 'E', Encoding.UTF8.GetString(body));
        }
        while (head[0] != kind);
    }

    private static byte[] Text(params string[] texts) => [.. texts.SelectMany(text => (byte[])[.. Encoding.UTF8.GetBytes(text), 0])];

    public void Dispose() => client.Dispose();
}
